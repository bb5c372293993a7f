/** Contractions without their apostrophe: `dont` to `do`, and `n't` after it. */
export const bare: ReadonlyMap<string, string> = new Map(
  `dont:do cant:can doesnt:does isnt:is wont:will didnt:did hasnt:has havent:have wasnt:was
   arent:are werent:were couldnt:could shouldnt:should wouldnt:would hadnt:had`
    .split(/\s+/)
    .map((pair) => pair.split(':') as [string, string]),
)
/** The same, where what comes after it is said: `whats` to `what` and `'s`. */
export const bareEndings: ReadonlyMap<string, readonly string[]> = new Map(
  `whats:what:'s hows:how:'s whos:who:'s wheres:where:'s thats:that:'s
  im:i:'m ive:i:'ve youre:you:'re theyre:they:'re cannot:can:n't`
    .split(/\s+/)
    .map((entry) => {
      const [word = '', first = '', second = ''] = entry.split(':')
      return [word, [first, second]] as const
    }),
)
/** What is left of an auxiliary before `n't`. */
export const shortened: ReadonlyMap<string, string> = new Map([
  ['ca', 'can'],
  ['wo', 'will'],
  ['sha', 'shall'],
  ['ai', 'is'],
])
/** How words are written in haste. */
export const slang: ReadonlyMap<string, string> = new Map(
  `u:you ur:your r:are pls:please plz:please thx:thanks gonna:will wanna:want gotta:must lemme:let
  wat:what wut:what bc:because cuz:because coz:because w/o:without amt:amount acct:account msg:message
  pwd:password abt:about info:information`
    .split(/\s+/)
    .map((pair) => pair.split(':') as [string, string]),
)
