/**
 * The names of the months in the languages whose words for birth are known, in the case that stands in a date, short forms
 * behind them: English, German, Dutch, Danish and Norwegian, Swedish, French, Spanish, Italian, Portuguese, Polish, Russian.
 */
const names: readonly string[] = [
  'january januar jänner januari janvier enero gennaio janeiro stycznia января jan janv ene gen sty янв',
  'february februar feber februari février febrero febbraio fevereiro lutego февраля feb févr fév fev lut фев',
  'march märz maerz maart marts mars marzo março marca марта mar mrz mär mrt мар',
  'april avril abril aprile kwietnia апреля apr avr abr kwi апр',
  'may mai mei maj mayo maggio maio maja мая mag',
  'june juni juin junio giugno junho czerwca июня jun giu cze июн',
  'july juli juillet julio luglio julho lipca июля jul juil lug lip июл',
  'august augustus augusti août agosto sierpnia августа aug aoû ago sie авг',
  'september septembre septiembre setiembre settembre setembro września сентября sep sept set wrz сен',
  'october oktober octobre octubre ottobre outubro października октября oct okt ott out paź окт',
  'november novembre noviembre novembro listopada ноября nov lis ноя',
  'december dezember desember décembre diciembre dicembre dezembro grudnia декабря dec dez des déc dic gru дек',
]

/** What may stand between the day and the month, or the month and the year: `12th of March`, `3 de marzo de 1979`. */
const links = 'of de del den'

const byName = new Map(
  [links, ...names].flatMap((each, index) => each.split(' ').map((name) => [name, index] as const)),
)

const beginnings = new Set<string>()
for (const name of byName.keys())
  for (let length = 0; length <= name.length; length += 1) beginnings.add(name.slice(0, length))

/** The first two letters of all of them, where these are ASCII: most words are told from a month by that alone. */
const pairs = new Uint8Array(0x400)
for (const name of beginnings) if (/^[a-z]{2}$/.test(name)) pairs[pairOf(name, 0)] = 1

function pairOf(text: string, at: number): number {
  return ((text.charCodeAt(at) & 0x1f) << 5) | (text.charCodeAt(at + 1) & 0x1f)
}

/** Whether a word may be a month or a link by its first two letters, as far as they are there. */
export function mayBeMonthAt(text: string, at: number): boolean {
  if (at + 1 >= text.length || text.charCodeAt(at) > 0x7f) return true
  return text.charCodeAt(at) > 0x40 && (text.charCodeAt(at + 1) > 0x7f || pairs[pairOf(text, at)] === 1)
}

export const longestMonth: number = Math.max(...[...byName.keys()].map((name) => name.length))

/** The number of a month, from 1; 0 for a link, `undefined` for any other word. */
export function monthNumber(word: string): number | undefined {
  return byName.get(lower(word))
}

/** Whether a month or a link may yet become of what is there of it. */
export function beginsMonth(part: string): boolean {
  return beginnings.has(lower(part))
}

/** Letters with their marks apart are the same ones. */
function lower(word: string): string {
  return (isAscii(word) ? word : word.normalize('NFC')).toLowerCase()
}

function isAscii(word: string): boolean {
  for (let index = 0; index < word.length; index += 1) if (word.charCodeAt(index) > 0x7f) return false
  return true
}
