import { irregularForms } from './words/irregular.ts'

const kept = new Set(
  `question station nation million billion version session mission region religion opinion fashion passion vision pension
  family supply comply multiply assembly anomaly monopoly italy july reply belly bully silly ugly only early daily lonely
  friendly lovely during morning evening ceiling nothing something anything everything king ring string spring thing bring
  news lens gas bus status virus bonus campus census always series species physics mathematics economics politics
  document moment element segment comment apartment department bed red feed need seed speed breed indeed hundred
  information orderly costly challenging lively likely united states christmas paris wedding building clothing shopping banking meeting meaning feeling`.split(
    /\s+/,
  ),
)
const memory = new Map<string, string>()

/** The common part of a word's inflections and plain derivations: `activating`, `activation` and `activates` give one stem. Not a word. */
export function stem(word: string): string {
  const known = memory.get(word)
  if (known !== undefined) return known
  const result = reduce(word)
  // Bounded, because words come from whoever asks.
  if (memory.size >= 20_000) memory.clear()
  if (word.length <= 40) memory.set(word, result)
  return result
}

function reduce(word: string): string {
  const base = irregularForms.get(word)
  if (base !== undefined) return finish(base)
  if (word.length < 4 || kept.has(word)) return finish(word)
  const singular = withoutPlural(word)
  const regular = irregularForms.get(singular) ?? singular
  if (kept.has(regular)) return finish(regular)
  return finish(derived(withoutTense(regular)))
}

function withoutPlural(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(?:ss|x|zz|ch|sh)es$/.test(word)) return word.slice(0, -2)
  if (word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1)
  return word
}

function withoutTense(word: string): string {
  if (word.endsWith('ied') && word.length > 4) return `${word.slice(0, -3)}y`
  const cut =
    word.endsWith('ing') && word.length > 5
      ? 3
      : word.endsWith('ed') && word.length > 4 && !word.endsWith('eed')
        ? 2
        : 0
  if (cut === 0) return word
  const rest = word.slice(0, -cut)
  if (!/[aeiouy]/.test(rest)) return word
  if (rest.length > 5 && /[^eo]at$/.test(rest)) return `${rest}e`
  return /([bdfgmnprt])\1$/.test(rest) ? rest.slice(0, -1) : rest
}

function derived(word: string): string {
  if (word.length < 6) return word
  if (word.endsWith('ification')) return `${word.slice(0, -9)}ify`
  if (word.endsWith('isation') || word.endsWith('ization')) return `${word.slice(0, -7)}iz`
  if (word.endsWith('ation') && word.length > 7) return word.slice(0, word.length > 8 ? -5 : -3)
  if (word.endsWith('ate') && word.length > 6) return word.slice(0, -3)
  if (/[cp]tion$/.test(word)) return word.slice(0, -3)
  if (word.endsWith('ment') && word.length > 6) return word.slice(0, -4)
  if (word.endsWith('ness')) return word.slice(0, -4)
  if (word.endsWith('ally') && word.length > 7) return word.slice(0, -4)
  if (word.endsWith('ily') && word.length > 5) return `${word.slice(0, -3)}y`
  if (word.endsWith('ly')) return word.slice(0, -2)
  if (/[wv]al$/.test(word)) return word.slice(0, -2)
  return word
}

function finish(word: string): string {
  // British and American spellings meet here: colour, organise, cheque is in the list of synonyms.
  const spelled = word.replace(/our(?=$|s$|it|ing|ed)/, 'or').replace(/is(?=e$|ing$|ed$)/, 'iz')
  if (spelled.length < 4) return spelled
  if (spelled.endsWith('e')) return spelled.slice(0, -1)
  return spelled.endsWith('y') ? `${spelled.slice(0, -1)}i` : spelled
}
