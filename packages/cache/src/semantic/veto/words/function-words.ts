import { wordSet } from './lists.ts'

/** Words that carry nothing an answer depends on: articles, politeness, emphasis. */
export const fillers: ReadonlySet<string> = wordSet(`
a an the this that these those there here it its itself such
please pls plz kindly hi hiya hello hey heya greetings sorry yeah yep yes er erm ah uhm thanks thank thx cheers dear sir madam ok okay well oh um hmm anyway folks guys
really actually indeed truly honestly basically literally simply just quite very so too rather pretty somewhat definitely certainly
absolutely totally completely exactly precisely specifically obviously apparently seemingly genuinely surely even also else quickly successfully properly correctly normally generally personally immediately simultaneously
still yet already maybe perhaps possibly probably somehow whatsoever ever likely
my our your mine ours yours own myself yourself ourselves i me we us you u one oneself im ive id
am is are was were be been being do does did have has had having will would shall can could may might get got
's 'm 're 've 'd 'll to_do as like if then thus hence therefore however though although while because since_ whether
about regarding concerning question query wonder wondering`)

/** Fillers that may be what is asked about: `how do you say hello`. They are politeness at the edges of a sentence only. */
export const greetings: ReadonlySet<string> = wordSet(
  `hi hiya hello hey heya greetings sorry yeah yep yes thanks thank cheers dear sir madam`,
)

/** Words whose place and presence matter, though they name nothing: kept in the reading as they are. */
export const functionWords: ReadonlySet<string> = wordSet(`
to from in into out on off onto at by for of with within without over under above below between among through across against toward towards
before after until till since during inside outside up down via per than and or nor but versus vs
how why when where who whom whose which what should must ought
all any some every each both either neither none most many much few several more less least only no not never always sometimes often usually rarely seldom
he she him her his hers himself herself they them their theirs themselves`)

export const thirdPerson: ReadonlyMap<string, string> = new Map([
  ...['he', 'him', 'his', 'himself'].map((word) => [word, 'he'] as const),
  ...['she', 'her', 'hers', 'herself'].map((word) => [word, 'she'] as const),
  ...['they', 'them', 'their', 'theirs', 'themselves'].map((word) => [word, 'they'] as const),
])

/** Function words that say the same. */
export const functionAliases: ReadonlyMap<string, string> = new Map(
  Object.entries({
    whom: 'who',
    till: 'until',
    towards: 'toward',
    onto: 'on',
    into: 'in',
    within: 'in',
    vs: 'versus',
    via: 'by',
    each: 'every',
    ought: 'should',
    any: 'some',
    toward: 'to',
    among: 'between',
    seldom: 'rarely',
    usually: 'often',
    inside: 'in',
  }),
)

export const negators: ReadonlySet<string> = wordSet(
  `not n't no never none nobody nothing neither nor nowhere without cannot non hardly barely`,
)

/** Content words that say no by themselves: with them a missing `not` proves little. */
export const negativeWords: ReadonlySet<string> = wordSet(`
fail decline refuse reject break broken miss missing unable stop wrong lose lost deny block error problem issue trouble disappear
impossible incorrect invalid stuck delay pending cancel revert disable lack avoid prevent absent refusal`)

export const beForms: ReadonlySet<string> = wordSet(`am is are was were be been being 's 're get gets got getting`)
export const pastAuxiliaries: ReadonlySet<string> = wordSet(`was were did had`)
export const presentAuxiliaries: ReadonlySet<string> = wordSet(`am is are do does have has 's 're`)
export const futureAuxiliaries: ReadonlySet<string> = wordSet(`will shall 'll`)

/** Prepositions and conjunctions that swap the answer when one stands for the other. */
export const opposedFunctions: ReadonlyMap<string, string> = new Map(
  `before:after with:without in:out on:off up:down to:from over:under above:below inside:outside since:until and:or all:some all:none all:few
  all:most every:some most:few many:few more:less most:least always:never always:sometimes always:rarely often:rarely often:never never:sometimes
  only:all only:every both:either both:neither either:neither some:none should:must for:against more:most less:least much:few
  between:outside in:outside from:for every:none to:by for:by in:before in:after at:before at:after during:before during:after until:before until:after since:before after:until since:for`
    .split(/\s+/)
    .flatMap((pair) => {
      const [a = '', b = ''] = pair.split(':')
      return [
        [`${a}:${b}`, pair],
        [`${b}:${a}`, pair],
      ] as const
    }),
)

/** Standing alone on one side these change what is asked. */
export const restrictive: ReadonlySet<string> = wordSet(
  `only neither none most always never without before after except should must`,
)

/** Predicates that hold both ways round, and words that join equals. */
export const symmetric: ReadonlySet<string> = wordSet(`
and or versus between with to of date marri friend relat relationship connect link similar equal identic same engag neighbor near next close compare comparison
differ differenc compat cousin sibl twin colleagu acquaint meet met divorc partner correl bound associat parallel adjacent interchang synonym
mix combin marriag friendship distanc match equival partn roommat classmat teammat rival related dating wed acquaintance colleague friend sibling cousin neighbour spouse relative classmate teammate roommate rival similar
far apart cross intersect overlap join conflict differs same alike talk chat fight argu agre`)
