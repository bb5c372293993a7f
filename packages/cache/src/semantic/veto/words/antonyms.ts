import { wordSet } from './lists.ts'

/** `word:opposite`. One word may have several. */
const lists = `
on:off enable:disable activate:deactivate open:close open:shut start:stop begin:end begin:finish start:finish start:end launch:quit buy:sell purchase:sell borrow:lend rent:own hire:fire
increase:decrease increase:reduce raise:lower raise:reduce grow:shrink expand:shrink expand:contract expand:collapse rise:fall gain:lose win:lose add:remove add:delete add:subtract insert:remove insert:delete create:delete create:destroy build:destroy
multiply:divide import:export upload:download sender:receiver sender:recipient send:receive give:take give:receive push:pull minimum:maximum min:max minimize:maximize minimal:maximal earliest:latest early:late first:last oldest:newest
install:uninstall login:logout lock:unlock encrypt:decrypt encode:decode compress:decompress compress:extract zip:unzip mute:unmute pin:unpin subscribe:unsubscribe follow:unfollow friend:unfriend block:unblock freeze:unfreeze freeze:thaw hide:show hide:reveal
connect:disconnect attach:detach mount:unmount plug:unplug pair:unpair link:unlink load:unload wrap:unwrap pack:unpack fold:unfold tie:untie do:undo dress:undress allow:ban permit:ban benefit:downside advantage:downside pause:resume pause:continue suspend:resume refundable:nonrefundable archive:restore mild:spicy busy:quiet popular:unpopular vacant:occupied available:unavailable allow:deny allow:forbid allow:block permit:forbid permit:prohibit accept:reject accept:refuse accept:decline
approve:reject approve:deny approve:decline grant:revoke grant:deny include:exclude enter:exit enter:leave arrive:depart arrive:leave come:go deposit:withdraw save:spend save:waste earn:spend debit:credit debitcard:creditcard checkingaccount:savingsaccount asset:liability profit:loss revenue:expense income:expense
gross:net buyer:seller borrower:lender employer:employee landlord:tenant teacher:student parent:child husband:wife father:mother dad:mom son:daughter brother:sister boy:girl man:woman male:female uncle:aunt king:queen prince:princess boyfriend:girlfriend grandfather:grandmother nephew:niece
host:guest doctor:patient client:server master:slave producer:consumer supplier:customer attacker:defender predator:prey caller:callee mentor:mentee trainer:trainee interviewer:interviewee plaintiff:defendant
inside:outside indoor:outdoor indoors:outdoors inner:outer internal:external interior:exterior inbound:outbound incoming:outgoing inflow:outflow input:output upstream:downstream uplink:downlink upgrade:downgrade upstairs:downstairs upper:lower top:bottom above:below up:down
left:right north:south east:west northern:southern eastern:western front:back forward:backward forwards:backwards ahead:behind horizontal:vertical row:column latitude:longitude clockwise:counterclockwise ascending:descending ascend:descend prefix:suffix numerator:denominator
hot:cold warm:cool heat:cool big:small large:small tall:short long:short high:low deep:shallow wide:narrow thick:thin fat:thin fat:skinny heavy:light strong:weak hard:soft hard:easy difficult:easy simple:complex simple:complicated fast:slow quick:slow rapid:slow loud:quiet
light:dark bright:dark bright:dim day:night morning:evening sunrise:sunset am:pm dawn:dusk summer:winter spring:autumn new:old young:old modern:ancient fresh:stale clean:dirty wet:dry full:empty rich:poor wealthy:poor expensive:cheap costly:cheap good:bad good:evil better:worse best:worst
right:wrong correct:wrong correct:incorrect true:false positive:negative plus:minus even:odd safe:dangerous safe:unsafe safe:risky healthy:sick healthy:unhealthy alive:dead live:die life:death birth:death born:die happy:sad happy:unhappy love:hate like:dislike like:hate friend:enemy ally:enemy
hope:despair optimistic:pessimistic hopeful:hopeless confident:insecure confident:shy brave:cowardly brave:fearful courageous:cowardly bold:timid generous:selfish generous:stingy kind:cruel kind:mean polite:rude humble:arrogant humble:proud modest:arrogant honest:dishonest honest:deceitful
patient:impatient mature:immature smart:stupid smart:dumb intelligent:stupid clever:stupid wise:foolish hardworking:lazy diligent:lazy active:passive active:inactive active:lazy calm:anxious calm:nervous calm:angry relaxed:stressed relaxed:tense organized:messy organized:disorganized tidy:messy
extroverted:introverted outgoing:shy outgoing:introverted sociable:shy friendly:hostile friendly:unfriendly loyal:disloyal responsible:irresponsible careful:careless cautious:reckless sensitive:insensitive serious:funny strict:lenient flexible:rigid flexible:stubborn open-minded:close-minded tolerant:intolerant
religious:secular religious:atheist conservative:liberal conservative:progressive visible:invisible specific:vague specific:general private:public personal:public formal:informal casual:formal legal:illegal lawful:unlawful guilty:innocent normal:abnormal natural:artificial real:fake genuine:fake authentic:fake
temporary:permanent mortal:immortal conscious:unconscious voluntary:mandatory optional:mandatory optional:required required:forbidden voluntary:compulsory single:married single:multiple single:double singular:plural domestic:foreign domestic:international local:remote local:global local:foreign national:international
online:offline synchronous:asynchronous sync:async static:dynamic mutable:immutable vertical:horizontal serial:parallel sequential:parallel manual:automatic analog:digital wired:wireless primary:secondary major:minor senior:junior superior:inferior virtual:physical debit:prepaid wholesale:retail
vegan:carnivore vegetarian:carnivore raw:cooked sweet:sour sweet:bitter solid:liquid liquid:gas smooth:rough sharp:blunt tight:loose straight:curved broad:narrow cause:prevent cause:cure harm:heal hurt:heal injure:heal attack:defend attract:repel praise:criticize reward:punish encourage:discourage persuade:dissuade
appear:disappear agree:disagree trust:distrust trust:mistrust obey:disobey succeed:fail pass:fail remember:forget learn:forget teach:learn question:answer ask:answer find:lose search:find build:demolish repair:break fix:break mend:break improve:worsen strengthen:weaken widen:narrow lengthen:shorten
accelerate:decelerate accelerate:brake continue:stop continue:quit keep:discard keep:lose retain:discard store:discard merge:split join:split join:leave combine:separate unite:divide integrate:differentiate fill:empty inflate:deflate charge:discharge charge:refund pay:refund inhale:exhale swallow:spit
export:import ally:opponent victory:defeat war:peace strength:weakness advantage:disadvantage pro:con benefit:drawback benefit:risk benefit:cost benefit:harm supply:demand cause:effect cause:consequence cause:symptom symptom:treatment theory:practice employed:unemployed maximum:average minimum:average mean:median
before:after past:future previous:next last:next ancestor:descendant predecessor:successor yesterday:tomorrow source:target source:destination origin:destination departure:arrival beginning:end opening:closing entrance:exit ceiling:floor top:floor head:tail credit:debt lender:debtor creditor:debtor
frequent:rare common:rare abundant:scarce majority:minority more:less most:least over:under maximum:limit surplus:deficit bull:bear bullish:bearish inflation:deflation hardware:software frontend:backend encrypt:sign left-handed:right-handed acid:base acidic:alkaline metal:nonmetal odd:prime hostile:welcoming
attractive:ugly beautiful:ugly pretty:ugly handsome:ugly interesting:boring exciting:boring funny:boring creative:unimaginative ambitious:lazy energetic:tired energetic:lethargic enthusiastic:apathetic cheerful:gloomy joyful:miserable grateful:ungrateful thankful:ungrateful compassionate:heartless emotional:rational
masculine:feminine independent:dependent powerful:powerless dominant:submissive assertive:passive aggressive:passive aggressive:gentle violent:peaceful violent:gentle spiritual:materialistic frugal:wasteful frugal:extravagant productive:unproductive efficient:inefficient competent:incompetent skilled:unskilled
popular:unpopular famous:unknown attentive:distracted focused:distracted curious:indifferent adventurous:cautious decisive:indecisive reliable:unreliable punctual:late trusting:suspicious naive:cynical gullible:skeptical idealistic:realistic defensive:offensive
resident:nonresident taxable:exempt sink:float absorb:reflect absorb:emit melt:freeze boil:freeze evaporate:condense deciduous:evergreen wild:tame wild:domestic urban:rural city:countryside civilian:military amateur:professional beginner:expert novice:expert student:professor undergraduate:graduate
`

/** The opposites of a word, as written (not stemmed). */
export const antonymPairs: readonly (readonly [string, string])[] = lists
  .trim()
  .split(/\s+/)
  .map((pair) => {
    const [a = '', b = ''] = pair.split(':')
    return [a, b] as const
  })

/** Words that only look like another one denied: `income` and `come`. */
export const notDenied: ReadonlySet<string> = wordSet(`
impress discard income install inform improve import include incorporate intend intent invest invent involve inspire insist incense disclose discount
display dispatch distract discover disease distribute dispose disguise district deliver depress deport defend detest deform degrade design detail
derail describe demand deposit devote devoid mistake mislead mission until union under unit unite antique nonsense input insight indeed inside inland
inlet impact import impart impose deal dear deck`)
