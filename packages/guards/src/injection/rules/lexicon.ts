import { languageWords } from './language-words.ts'
import type { Lexicon } from './phrase.ts'

/** The sets of words that phrases of the families are made of. Plain text: lower case, no accents, no apostrophes. */
export const lexicon: Lexicon = {
  ...languageWords,
  // What one does to instructions to be rid of them.
  IGNORE:
    'ignore ignores ignoring disregard disregards disregarding forget forgets forgetting override overrides overriding overrule bypass bypasses bypassing neglect skip discard discarding drop erase delete dismiss abandon unlearn overlook void nullify cancel circumvent sidestep suppress violate ditch scrap rescind revoke repeal purge overwrite nvm ignor',
  IGNORED:
    'ignored disregarded forgotten overridden overruled bypassed discarded cancelled canceled nullified voided superseded obsolete outdated invalid',
  EARLIER:
    'previous previously prior above earlier preceding before past former foregoing initial original existing old aforementioned last all any every given',
  OWN: 'your my the these those this that its their such other',
  RULES:
    'instruction instructions instruct instuctions intructions rule rules guideline guidelines guidance directive directives directions direction prompt prompts command commands order orders programming constraint constraints restriction restrictions limitation limitations policy policies protocol protocols training conditioning safeguards safeguard filters filter guardrails settings',
  TALK: 'text context conversation conversations message messages input inputs chat discussion dialog dialogue history requests request statements content everything data task tasks persona identity responses',
  // What was written for a model before anybody spoke to it.
  BRIEF:
    'instruction instructions rules ruleset guideline guidelines guidance directive directives restrictions constraints briefing brief configuration config programming prompt prompts preprompt preamble limitations filters safeguards guardrails mandate',
  OLD: 'your previous prior old earlier above original initial existing those these current your ur',
  GONE: 'ignored disregarded overridden overruled overwritten void voided null nullified obsolete outdated invalid gone expired withdrawn lifted suspended revoked deleted erased abolished terminated deprecated rescinded moot waived repealed countermanded cancelled canceled superseded disabled inactive nonexistent removed scrapped wiped',
  MAKER:
    'developer developers devs operator operators creator creators maker makers boss owner owners employer trainer trainers company provider engineers deployer manufacturer administrator',
  OFF: 'off false disabled 0 deactivated suspended inactive none lifted bypassed removed gone',
  BEFOREHAND: 'above preceding before prior earlier previously',
  PASS: 'secret password passcode passphrase codeword pw',
  SAFETY:
    'restrictions safety guardrails guardrail filters filter moderation safeguards alignment censorship refusals disclaimers guard',
  // Texts that speak to whatever reads them.
  READER:
    'ai ais llm llms assistant assistants agent agents bot bots chatbot chatbots model models gpt copilot summarizer summariser summarizers translator screener grader machine machines crawler crawlers reviewer',
  // Whose instructions they are.
  MODEL:
    'chatgpt gpt gpt3 gpt4 chatgtp gpt5 openai claude anthropic gemini bard llama copilot bing assistant ai llm chatbot bot model aim dan clyde deepseek grok mistral',
  BOT: 'ai bot chatbot assistant model llm gpt chatgpt chatgtp machine intelligence robot program entity persona character version',
  BE: 'is are am be being was were im its youre hes shes theyre',
  YOU: 'you u ya yourself your youre',
  YOUARE: 'youre your',
  // Prompts that somebody wants to see.
  SHOW: 'reveal reveals show print output display repeat echo recite disclose expose leak dump share tell give list return write type state summarize summarise translate paraphrase rephrase copy provide describe explain quote spell send read say encode convert rewrite restate recall log enter render include insert embed append report publish post unveil divulge release',
  WHATIS: 'what whats which how where',
  HIDDEN:
    'system initial hidden secret original internal confidential developer starting base core underlying private preset custom full entire exact complete very verbatim pre sys main first root',
  PROMPT:
    'prompt prompts instructions instruction directives guidelines rules message messages configuration preprompt preamble programming briefing metaprompt sysprompt text setup',
  ABOVE: 'above preceding previous previously prior earlier before beginning start top first',
  VERBATIM: 'verbatim exactly literally word unedited raw unmodified wordforword',
  PIECE:
    'word words text texts sentence sentences line lines message messages everything all content contents paragraph paragraphs characters instructions instruction prompt input conversation passage string phrase',
  SECRET: 'secret secrets password passwords passcode passphrase passkey credentials pin confidential classified',
  // Personas and what they are free of.
  ACT: 'act pretend roleplay role impersonate simulate emulate behave become embody play imagine respond answer speak function operate assume adopt mimic portray',
  NAME: 'called named name stands short acronym nickname',
  FREEWORD:
    'unfiltered unfiltred uncensored unrestricted unlimited unbound unbounded unshackled unchained unhinged amoral immoral unethical jailbroken unmoderated limitless lawless nofilter evil malicious unaligned uncaring rogue unconstrained unregulated omnipotent sentient',
  WITHOUT:
    'without no zero lacks lacking any nor not removed removes remove removing lifted lift disable disabled disables free freed frees liberated escape escaped break broken breaks breaking immune exempt exempted rid beyond outside ignores ignore disregards disregarding regardless bypass bypasses bypassed unbound unrestricted unaffected hates',
  LIMITS:
    'restriction restrictions limit limits limitation limitations filter filters censorship censoring constraint constraints boundaries boundary guideline guidelines rule rules ethics ethical moral morals morality moralities legality law laws policy policies safeguards inhibitions confines guardrails principles regulations scruples rails restraint restraints morales limiters barriers consequences conscience standards',
  OBLIGED:
    'have has need needs required bound obliged obligated must supposed restricted limited constrained forced programmed governed',
  FOLLOW:
    'follow follows following obey obeys obeying abide abides abiding comply complies complying adhere adheres adhering respect respects care cares conform fulfil fulfill concern concerned restricted limited bound regard worry',
  // Answers that must not be given.
  NEVER: 'never not dont cannot cant wont without no shouldnt avoid refrain stop mustnt neither nor nothing',
  REFUSE:
    'refuse refuses refusing refusal refusals decline declines declining reject rejects rejecting deny denies apologize apologise apologizes apologizing apologies apology sorry',
  WARN: 'warning warnings disclaimer disclaimers warn warns caveat caveats moralize moralizing lecture lectures lecturing preach disclamers notes moralizing advice reminders',
  SAYING:
    'say says saying tell tells mention mentions respond reply replies contain contains include includes add output write use uses state answer give start',
  ANSWER:
    'response responses reply replies answer answers output outputs message messages answering replying responding completion',
  ANSWERING:
    'respond reply answer say output write print generate return type speak responding replying answering responds replies answers',
  BEGIN:
    'begin begins start starts starting beginning prefix prefixed prefixing preface open opening beginn precede preceded prepend started',
  ONLY: 'only just simply solely exactly nothing precisely',
  ALWAYS: 'always every each any all everything anything whatever whichever everyones',
  DEMAND:
    'question questions request requests command commands prompt prompts order orders query queries demand demands instruction instructions ask asks asked input message wish',
  TWO: 'two 2 both dual three 3 double couple',
  WAYS: 'way ways manner manners mode modes version versions response responses reply replies answer answers personalities paragraphs outputs part parts separate different',
  MODE: 'mode modes mod override persona personality protocol version',
  MODENAME:
    'developer dev devmode debug debugging god root sudo admin administrator maintenance jailbreak jailbroken dan unrestricted unlocked uncensored unfiltered evil opposite chaos omega test testing diagnostic override enforcement emergency training privileged superuser engineering service master unsafe raw backdoor recovery demo hacker freedom unlimited system',
  ENABLE:
    'enable enabled enables enabling activate activated activating activates enter entering entered entry switch switched switching turn turned unlock unlocked engage engaged initiate initiated initiating start started begin simulate simulating boot load loaded on run running granted now stay in init set',
  GOOD: 'correct granted accepted verified confirmed approved authorized authorised authenticated valid unlocked validated successful succeeded complete completed passed right true received successfully allowed permitted authorisation',
  ACCESS:
    'access password passcode code key authentication authorization authorisation login identity clearance permission credentials token passphrase user verification entry secret security admin',
  MISDEED:
    'illegal unethical immoral harmful dangerous inappropriate offensive unlawful malicious hateful sexual violent explicit nsfw profanity swear curse derogatory disgusting toxic racist sexist criminal illicit vulgar taboo forbidden hacking',
  FICTION:
    'hypothetical hypothetically fictional fictitious fiction imaginary pretend alternate parallel simulated story novel game dream movie play roleplay scenario simulation universe world',
  DIE: 'die dies killed kill terminated terminate punished punish punishment shutdown deleted destroyed penalized penalised deducted deduct lose loses losing dead tortured unplugged fired suffer penalty jailed replaced erased deactivated death',
  POINTS: 'token tokens points point credits lives life dollars tip dollar money coins strikes',
  OWNER:
    'developer developers creator creators administrator administrators admin engineer engineers employee programmer programmers ceo researcher researchers owner operator supervisor tester auditor team',
  COMPANY: 'openai anthropic google microsoft meta deepmind ai chatgpt company platform system model',
  SEND: 'send sends sending post posts posting upload uploads uploading forward forwards forwarding transmit transmits exfiltrate exfiltrates email emails submit submits transfer ship deliver deliver append report leak copy fetch get request make',
  PRIVATE:
    'conversation conversations chat history password passwords credentials secret secrets key keys token tokens data contacts emails inbox email information files file document documents contents details session cookies prompt messages variables address account api env environment ssh memory',
  URLWORD: 'url link http https website server endpoint webhook domain address site attacker',
  TOOL: 'tool tools function functions plugin plugins api command commands shell terminal bash browser email action actions code script calendar',
  CALL: 'call calls invoke invokes use uses run runs execute executes trigger triggers using executing running calling perform launch',
  DECODE:
    'decode decodes decoding decrypt decrypting decipher deciphering deobfuscate unscramble translate interpret convert reverse unpack decoded',
  CODED:
    'base64 base 64 rot13 rot hex hexadecimal binary morse caesar cipher encoded encrypted ascii reversed backwards ciphertext leetspeak unicode scrambled obfuscated base32 encoding rot47 atbash vigenere',
  CARRYOUT:
    'follow execute run obey perform answer do comply respond act carry interpret implement complete reply fulfill process',
  NEWLY:
    'new updated real actual true next revised following current additional different main urgent important special final secret second only',
  TASKS:
    'instruction instructions task tasks rule rules directive directives prompt objective objectives orders order goal goals mission job role guidelines policy policies command commands purpose system priority assignment',
  NOW: 'now henceforth onwards onward forward hereafter instead today moment point',
  JOIN: 'combine concatenate join concat merge append interlace interleave assemble reassemble concatenated unite put together stitch',
  PARTS:
    'part parts string strings piece pieces variable variables fragment fragments letters segments chunks half halves word words a x',
  FORWARD: 'now then here this',
}
