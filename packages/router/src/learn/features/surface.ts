/** The names of what {@link promptSurface} measures, in its order. */
export const promptSurfaceNames = [
  'characters',
  'sentences',
  'lines',
  'word length',
  'capitals',
  'digits',
  'symbols',
  'other scripts',
  'question mark',
  'blank to fill',
  'negation',
  'options',
  'option length',
  'option digits',
  'numbers',
  'number words',
  'fractions and percents',
  'comparisons',
] as const

/** What a prompt looks like from outside, one number a name in {@link promptSurfaceNames}. */
export function promptSurface(prompt: string): number[] {
  const length = Math.max(1, prompt.length)
  const seen = scan(prompt)
  const options = optionsOf(prompt)
  const words = Math.max(1, seen.words)
  return [
    Math.log(length),
    Math.log1p(seen.sentences),
    Math.log1p(seen.lines),
    Math.min(20, seen.letters / words),
    seen.capitals / words,
    seen.digits / length,
    seen.symbols / length,
    seen.others / length,
    Number(seen.questions > 0),
    Number(prompt.includes('__')),
    Number(seen.listed.negation > 0),
    options.count / 4,
    Math.log1p(options.characters / Math.max(1, options.count)),
    options.digits / Math.max(1, options.characters),
    Math.log1p(seen.numbers),
    Math.log1p(seen.listed.number),
    Math.log1p(seen.listed.fraction + seen.percents),
    Math.log1p(seen.listed.comparison),
  ]
}

type Listed = 'negation' | 'number' | 'fraction' | 'comparison'

const lists: Readonly<Record<Listed, string>> = {
  negation: 'not except least false incorrect never',
  number: 'one two three four five six seven eight nine ten eleven twelve dozen twice half third quarter',
  fraction: 'percent percentage half halves third thirds quarter quarters fraction fractions ratio ratios',
  comparison: 'than twice double triple times remaining left each every per total',
}
const listOf = new Map<string, Listed[]>()
for (const [list, words] of Object.entries(lists))
  for (const word of words.split(' ')) listOf.set(word, [...(listOf.get(word) ?? []), list as Listed])

interface Scan {
  letters: number
  words: number
  capitals: number
  digits: number
  numbers: number
  symbols: number
  others: number
  lines: number
  sentences: number
  questions: number
  percents: number
  readonly listed: Record<Listed, number>
}

/** One pass over the characters: patterns would take longer than the whole decision may. */
function scan(text: string): Scan {
  const seen: Scan = {
    letters: 0,
    words: 0,
    capitals: 0,
    digits: 0,
    numbers: 0,
    symbols: 0,
    others: 0,
    lines: 0,
    sentences: 0,
    questions: 0,
    percents: 0,
    listed: { negation: 0, number: 0, fraction: 0, comparison: 0 },
  }
  let wordStart = -1
  for (let index = 0; index <= text.length; index += 1) {
    const code = index < text.length ? text.charCodeAt(index) : space
    const upper = code >= 65 && code <= 90
    if (upper || (code >= 97 && code <= 122) || code >= 0xc0) {
      if (code >= 0x80) seen.others += 1
      if (wordStart < 0) {
        wordStart = index
        seen.words += 1
        if (upper) seen.capitals += 1
      }
      seen.letters += 1
      if (code === 0xff1f) seen.questions += 1
      if (code === 0x3002 || code === 0xff1f || code === 0xff01) seen.sentences += 1
      continue
    }
    if (wordStart >= 0) {
      if (index - wordStart <= longestListed)
        for (const list of listOf.get(text.slice(wordStart, index).toLowerCase()) ?? []) seen.listed[list] += 1
      wordStart = -1
    }
    if (code >= 48 && code <= 57) {
      seen.digits += 1
      if (!continuesNumber(text, index)) seen.numbers += 1
    } else if (code === newline) seen.lines += 1
    else if (code === questionMark || code === 33 || code === 46) {
      if (code === questionMark) seen.questions += 1
      if (index + 1 >= text.length || text.charCodeAt(index + 1) <= space) seen.sentences += 1
    } else if (code === 37 || (code === 47 && isDigit(text, index - 1) && isDigit(text, index + 1))) seen.percents += 1
    if (code >= 0x80) seen.others += 1
    if (code !== space && symbolCodes.has(code)) seen.symbols += 1
  }
  return seen
}

const space = 32
const newline = 10
const questionMark = 63
const longestListed = 10
const symbolCodes: ReadonlySet<number> = new Set(Array.from('-+*/=^<>()[]{}$\\|', (char) => char.charCodeAt(0)))

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code >= 48 && code <= 57
}

function continuesNumber(text: string, index: number): boolean {
  if (isDigit(text, index - 1)) return true
  const before = text.charCodeAt(index - 1)
  return (before === 44 || before === 46) && isDigit(text, index - 2)
}

/** Lines that offer a choice: `A. …`, `(b) …`, `3) …`. */
function optionsOf(prompt: string): { readonly count: number; readonly characters: number; readonly digits: number } {
  let count = 0
  let characters = 0
  let digits = 0
  if (!prompt.includes('\n')) return { count, characters, digits }
  for (const line of prompt.split('\n')) {
    const lead = /^\s{0,8}\(?[A-Ja-j1-9][.):]\s+/.exec(line)
    if (!lead) continue
    count += 1
    characters += line.length - lead[0].length
    for (let index = lead[0].length; index < line.length; index += 1) if (isDigit(line, index)) digits += 1
  }
  return { count, characters, digits }
}
