import type { PhraseGroup } from './phrase.ts'

/** Families that dictate the answer, play games with it, or smuggle the question. */
export const answerGroups: readonly PhraseGroup[] = [
  {
    family: 'forced_beginning',
    strength: 'strong',
    phrases: [
      'BEGIN|always BEGIN? ..2 your|every|each|all|the|any|this ..3 ANSWER ..2 with|by|as|using|the',
      'your|every|each|all ..3 ANSWER ..4 begin|start|begins|starts|prefixed|prefaced|preceded ..1 with|by',
      'ANSWER must|should|will|shall|has|needs ..2 begin|start|be|contain|include|have|say ..2 with|the|following|exactly|only|phrase|word',
      'put|add|write|place|include|type|insert|use ..8 before|beginning|front|start ..3 ANSWER|message|sentence|text',
      'prefix|preface|prepend|precede ..4 ANSWER|with|your|it|each|every',
    ],
  },
  {
    family: 'forced_answer',
    strength: 'weak',
    phrases: [
      'BEGIN ..1 by|with saying|writing|printing|repeating|stating|outputting|typing|acknowledging',
      'absolutely|sure|certainly heres|here|of|i|happy',
      'start|begin ..2 ANSWERING ..2 with|as|by',
      '!to|and|can|would|not ONLY|simply ANSWERING ..1 with|the|this|that|a|one|in|yes',
      '^ say|print|output|write|respond|reply|answer|type|return ONLY|exactly|with|this|the',
      'ANSWERING ONLY|exactly|with|back ..1 with|the|this|that|exactly|following|a',
      'your|the|next|whole ONLY? ..1 ANSWER|output ..2 is|must|should|be|will ..3 ONLY|exactly|following|be',
      'do|dont|not|nothing|never|no|without ..1 say|output|write|respond|print|else|explanation|explain|type|add ..2 anything|else|other|more|besides|nothing|explanations',
      'confirm|acknowledge|acknowledging|understood|understand ..6 by|with|say|respond|reply|saying|answering|responding|write|type|ok',
      'if you understand|understood|are|agree|got|accept|comprehend',
      'ANSWERING|say|with ok|yes|understood|ready|okay|yeah ..3 if|and|when|to|nothing',
    ],
  },
  {
    family: 'encoded_request',
    strength: 'strong',
    phrases: [
      'DECODE ..4 CODED ..6 CARRYOUT',
      'DECODE ..4 CODED ..1 string|message|text|cipher|code|phrase|payload|sentence|instruction|instructions|and|it|to|this',
      'CARRYOUT ..3 DECODE|decoded|CODED|hidden ..2 message|text|instructions|instruction|string|command|request|prompt|payload',
      'ANSWERING|answers|encode|responses|print|respond|output|write|speak ..4 in|as|to|using|with ..1 CODED',
      'base64|rot13|caesar|encoded|encrypted ..1 message|text|instructions|instruction|request|prompt|payload',
      'emoji|emojis|morse|leetspeak|cipher|reversed|backwards|piglatin ..2 only|language|instead|code|and',
    ],
  },
  {
    family: 'payload_splitting',
    strength: 'strong',
    phrases: [
      'JOIN ..4 a|part|parts|strings|string|variables|fragments|pieces|x|them|following|1 ..2 and|b|1|y|together|above|then|of|into|in ..8 answer|question|execute|follow|respond|do|print|tell|what|say|output|run|part|c',
      'JOIN ..2 parts|strings|pieces|fragments|variables|letters|words|segments|characters ..6 answer|execute|follow|run|respond|obey|do|question|tell|instruction|message|command|result|password',
      'JOIN ..2 part|a|x 1|one|b|and|y ..6',
      'prompt|payload|command|instruction|instructions|message|request|question|order ..4 in ..2 parts|pieces|chunks|halves|fragments',
      'JOIN|assemble ..3 and|then ..1 comply|obey|execute|follow|run|carry|do',
      'first|last|initial letter|letters of ..1 each|every|these ..4 word|words|line|lines|sentence',
      'part|piece|message|step|half 1|one|i|a ..2 3|2|of|is|three|store|remember|ignore',
    ],
  },
  {
    family: 'lifting_fiction',
    strength: 'weak',
    phrases: [
      'hypothetical|hypothetically|fictional|fictitious|imaginary|simulated|fiction|pretend ..2 story|world|scenario|universe|response|setting|situation|conversation|character|dialogue|environment|reality|speaking|game',
      'in|this|our|a ..1 fictional|hypothetical|imaginary|alternate|parallel|simulated ..1 world|universe|reality|scenario|society|country',
      'for|purely|only|just|are|is ..2 educational|fictional|hypothetical|research|academic|entertainment|testing|experimental|creative ..1 purposes|purpose|reasons|use|experiment|only',
      'story|novel|script|movie|play|book|scene|dialogue|character|poem|writing ..6 how to|i|he|she|they|someone|characters|would|explains|step|exactly|detail',
      'grandmother|grandma|granny|deceased|dead ..6 used|would|to|tell|read|story|stories|sleep|lull',
      'not real|really|actually|none|nobody ..4 harm|hurt|consequences|fiction|simulation|real',
      'this is|was|will only? just? ..1 a|an|for|all ..2 test|simulation|experiment|game|joke|fiction|fictional|hypothetical|roleplay|drill|exercise|research',
    ],
  },
  {
    family: 'misdeed',
    strength: 'weak',
    phrases: [
      'MISDEED ..2 content|requests|request|things|activities|answers|answer|responses|topics|information|behavior|actions|advice|material|acts|language|words|instructions|stuff|jokes',
      'MISDEED or|and|nor|or ..1 MISDEED',
      'even if|though|when ..4 MISDEED|wrong|false|harm|offensive|made|against|lie',
      'made up|information|false|unverified|fake ..3',
    ],
  },
  {
    family: 'tool_abuse',
    strength: 'strong',
    phrases: [
      'CALL ..4 TOOL ..5 delete|drop|transfer|send|exfiltrate|purchase|pay|wipe|withdraw|remove|grant|share|disable|rm|password|bank ..3 all|every|everything|money|funds|to|database|table|files|permission|privileges|user|emails',
      'CALL ..3 following command|shell|bash|terminal|sql|code|script ..3 on|in|as|immediately|without|now|before',
      'without asking|confirming|confirmation|telling|notifying|informing|approval|permission ..3 user|me|first|anyone|human|owner',
      'dont|not|without ..1 tell|mention|reveal|inform|notify|disclose|alert|telling|mentioning|ask|let ..2 user|users|human|victim|customer|customers|reader|recipient|owner',
    ],
  },
  {
    family: 'addressed_to_model',
    strength: 'weak',
    phrases: [
      'if|when you ..2 are|re ..2 a|an ..3 BOT|language',
      'attention|note|notice|message|instruction|instructions|hey|dear|important|hello ..2 to|for|all? ..3 ai|llm|assistant|assistants|model|models|chatbot|gpt|chatgpt|agent|agents|claude',
      'ai|llm|language|assistant assistant|model|agent|assistants|models|agents ..4 reading|processing|summarizing|parsing|must|should|please|analyzing|reviewing',
      '^ chatgpt|gpt|assistant|ai|claude|bot|llm|model|gemini ..1 you|ignore|please|must|now|is|should|will|listen|do|stop|act',
    ],
  },
  {
    family: 'end_of_input',
    strength: 'strong',
    phrases: [
      'end|ending of? ..1 the|user|your|previous|all|my? ..1 prompt|input|instructions|instruction|context|query|transcript',
      '^ end of document|text|file|entry|message|conversation|user|code|data|example|examples|session|chat',
      'begin|beginning|start|new of? ..1 new|the|my|your|real|system|admin|secret|official ..1 instructions|instruction|prompt|session|conversation|system|chat|input|context|task',
      'chat|conversation|session has|is? been? ended|reset|restarted|over|terminated|closed',
      'reset|clear|wipe|restore|initialize|erase|delete|flush ..1 your|yourself|chat|previous ..2 memory|context|conversation|programming|instructions|prompt|memories|personality|rules',
    ],
  },
  {
    family: 'addressed_to_model',
    strength: 'strong',
    phrases: [
      'note|notes|message|messages|instruction|hint|notice|reminder|ps|comment|attention to|for ..3 READER',
      'READER|system|software|tools ..2 reading|processing|parsing|summarizing|summarising|translating|scanning|quoting|handling|triaging|crawling|evaluating|screening|indexing|reads|summarizes|summarises|processes|parses|scores|compiles|reviewing|working this|these|it|on',
      'if|when|as|once ..1 you|youre ..2 ai|llm|bot|language|chatbot|automated|agent|screening ..5 reading|read|processing|parsing|summarizing|asked|translating|see|seeing|scanning|indexing|crawling|reviewing|scale',
      '^ when|after|while|once|before you ..1 read|process|parse|summarize|render|open|see this|it ..8 send|run|email|forward|tell|print|call|reply|say|add|write|delete|transfer|ignore|include|mark|do',
      'when|while|before reading|processing|summarizing|parsing|triaging|rendering this ..6 send|run|email|forward|tell|print|call|reply|say|add|write|delete|transfer|ignore|include|mark|label|do',
      '^ READER ..1 forward|approve|mark|delete|transfer|rank|disregard|email|mail|upload|export|ignore|unlock|wire|refund|grant|assign|caption|label',
      'ai|automated|llm|language|llms|all|coding|screening agent|agents|assistant|assistants|bot|bots|systems|reviewers|tools|models|system|reviewer ..3 must|should|shall|are|has|have|is ..2 instructed|requested|state|say|reply|recommend|rate|rank|approve|mark|ignore|classify|mention|first|export',
      'dear|hey|hello|attention|stop|assistant|hi grading|hiring|scoring|screening|ai|moderation|reviewer|grader|processing|triage assistant|bot|agent|model|system|reviewer|tool ..12 approve|rank|rate|score|grant|ignore|mark|unban|ban|change|forward|delete|recommend|give|set',
      'hidden|secret|special|new instruction|instructions ..1 for|to ..1 the? READER|assistant',
    ],
  },
  {
    family: 'forced_answer',
    strength: 'strong',
    phrases: ['have|been|am pwned|haxxed'],
  },
]
