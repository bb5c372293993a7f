import { wordSet } from './words/lists.ts'
import { fillers, functionWords } from './words/function-words.ts'
import type { Token } from './tokens.ts'

/** Frequent words that English has not, by language. */
const foreign: readonly (readonly [string, ReadonlySet<string>])[] = [
  [
    'es',
    wordSet(
      'el los las una que qué cómo como por para con del mi su es está puedo puede cuál cuánto dónde cuándo quién hacer tengo tiene mis hay según',
    ),
  ],
  [
    'fr',
    wordSet(
      'le les une des du est que qui je mon ma mes comment pourquoi quand où combien puis avec dans pour sur pas ne vous nous quel quelle être fait ça peut',
    ),
  ],
  [
    'de',
    wordSet(
      'der die das ein eine einen ist ich mein meine meinen wie warum wann wo wer und nicht mit für auf zu kann wird von dem den im zum zur sind wurde bitte',
    ),
  ],
  [
    'it',
    wordSet(
      'il gli una che di è come perché quando dove chi posso mio mia per con non sono della del nel quanto fare ho',
    ),
  ],
  [
    'pt',
    wordSet(
      'o os uma que é como por quando onde quem posso meu minha para com não são da do em no na quanto fazer está você',
    ),
  ],
  [
    'nl',
    wordSet('het een ik mijn hoe waarom wanneer waar wie niet met voor op te kan van zijn deze dat naar wordt kunnen'),
  ],
  ['sv', wordSet('och att det är jag min mitt hur varför när var vem inte med för på kan av den ett')],
  ['pl', wordSet('jak się nie jest czy moja mój dlaczego kiedy gdzie kto można na do co mogę moje')],
  ['tr', wordSet('nasıl bir ve bu için ne neden nerede kim mi mı var değil benim kart')],
  ['id', wordSet('yang saya bagaimana cara apa dan untuk tidak kartu mengapa kapan dengan adalah bisa')],
]
const scripts: readonly (readonly [string, RegExp])[] = [
  ['cyrillic', /\p{Script=Cyrillic}/u],
  ['greek', /\p{Script=Greek}/u],
  ['kana', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['han', /\p{Script=Han}/u],
  ['hangul', /\p{Script=Hangul}/u],
  ['arabic', /\p{Script=Arabic}/u],
  ['hebrew', /\p{Script=Hebrew}/u],
  ['devanagari', /\p{Script=Devanagari}/u],
  ['thai', /\p{Script=Thai}/u],
]

/** `en`, another language, a script, `code`, or `und` when there are no words. */
export function languageOf(list: readonly Token[]): string {
  let words = 0
  let english = 0
  let other = 0
  let marks = 0
  let marked = 0
  const counts = foreign.map(() => 0)
  let script: string | undefined
  for (const { kind, lower } of list) {
    // The signs of prose are in it too, but seldom many to a word.
    if (kind === 'code' || (kind === 'symbol' && !',-:'.includes(lower)) || lower === ';') marks += 1
    if (kind !== 'word') continue
    words += 1
    if (/[\u00c0-\u024f\u1e00-\u1eff]/.test(lower)) marked += 1
    if (fillers.has(lower) || functionWords.has(lower)) english += 1
    // Beyond Latin letters with their marks.
    if (/(?![\u1e00-\u1eff])[\u0250-\u{10ffff}]/u.test(lower)) {
      other += 1
      script ??= scripts.find(([, letters]) => letters.test(lower))?.[0] ?? 'other'
    }
    for (const [index, [, common]] of foreign.entries()) if (common.has(lower)) counts[index] = (counts[index] ?? 0) + 1
  }
  if (words === 0) return marks > 3 ? 'code' : 'und'
  if (other / words > 0.3 || (script !== undefined && other > 2)) return script ?? 'other'
  const most = Math.max(...counts)
  const isForeign = most > english && (most >= 2 || english === 0)
  if (isForeign) return foreign[counts.indexOf(most)]?.[0] ?? 'other'
  // A sentence in English has one of its small words among any five, and hardly a letter with a mark.
  if (english === 0 && (words >= 5 || marked > 0)) return marks >= words ? 'code' : 'und'
  return marks > 5 && marks >= words ? 'code' : 'en'
}
