/** A sum in a text, `a op b … = c`, computed again. */
export interface Sum {
  /** What the left side really comes to. */
  readonly value: number
  /** What the text says it comes to; undefined when the text ends first. */
  readonly stated: number | undefined
  /** The numbers on the left side. */
  readonly terms: readonly number[]
}

/**
 * The sums in a text, in their order: `12 * 3 = 36`, `$1,200 / 4 = $300`, `20% of 50`-free plain arithmetic with
 * `+ - * x × / ÷ ^`, brackets, and annotations such as `<<12*3=36>>`. A sum whose left side is a lone number or cannot be
 * read is left out. Units between numbers end a sum.
 */
export function findSums(text: string): readonly Sum[] {
  const sums: Sum[] = []
  for (const match of text.matchAll(/=/g)) {
    const right = text.slice(match.index + 1, match.index + 60)
    // An annotation repeats the sum with its result.
    if (/^\s*[$€£]?\s*<</.test(right)) continue
    const left = leftOf(text, match.index)
    const parsed = left === undefined ? undefined : compute(left)
    if (parsed === undefined || parsed.terms.length < 2) continue
    sums.push({ ...parsed, stated: statedIn(right) })
  }
  return sums
}

/** The numbers in a text, thousands separators and leading currency read, in their order. */
export function findNumbers(text: string): readonly number[] {
  return Array.from(text.matchAll(/\d[\d,]*(?:\.\d+)?|\.\d+/g), ([digits]) => Number(digits.replaceAll(',', '')))
}

/** The number after an equals sign, unless it is only the first of a longer sum. */
function statedIn(right: string): number | undefined {
  const match = /^\s*[$€£\\]*\s*(-?\d[\d,]*(?:\.\d+)?)(\s*\/\s*\d+(?![\d.]))?(\s*[-+*/x×÷^(]\s*[\d($])?/.exec(right)
  if (!match || match[3] !== undefined) return undefined
  const [, top = '', bottom] = match
  const number = Number(top.replaceAll(',', ''))
  return bottom === undefined ? number : number / Number(bottom.replaceAll(/[\s/]/g, ''))
}

/** The longest run before the equals sign that can be arithmetic. */
function leftOf(text: string, end: number): string | undefined {
  const before = text.slice(Math.max(0, end - 120), end)
  const run = /[\d\s+\-*/x×÷^().,$€£\\%]*$/.exec(before)?.[0] ?? ''
  const start = run.search(/[\d(.$€£-]/)
  return start < 0 ? undefined : run.slice(start)
}

function compute(text: string): { readonly value: number; readonly terms: readonly number[] } | undefined {
  const tokens = text.replaceAll(/[,$€£\\]/g, '').match(/\d+(?:\.\d+)?|\.\d+|[-+*/x×÷^()%]/g) ?? []
  // A sentence that ends before the sum leaves its full stop or its last number behind: read the part that parses.
  for (let from = 0; from < tokens.length; from += 1) {
    const reader = new SumReader(tokens.slice(from))
    const value = reader.sum()
    if (value !== undefined && Number.isFinite(value) && reader.atEnd) return { value, terms: reader.terms }
  }
  return undefined
}

/** Recursive descent over the tokens of one sum. */
class SumReader {
  readonly terms: number[] = []
  readonly #tokens: readonly string[]
  #at = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length
  }

  sum(depth = 0): number | undefined {
    let value = this.#product(depth)
    while (value !== undefined && (this.#next === '+' || this.#next === '-')) {
      const sign = this.#take() === '+' ? 1 : -1
      const term = this.#product(depth)
      value = term === undefined ? undefined : value + sign * term
    }
    return value
  }

  #product(depth: number): number | undefined {
    let value = this.#power(depth)
    while (value !== undefined && /^[*x×/÷]$/.test(this.#next)) {
      const divide = /[/÷]/.test(this.#take())
      const factor = this.#power(depth)
      value = factor === undefined ? undefined : divide ? value / factor : value * factor
    }
    return value
  }

  #power(depth: number): number | undefined {
    const base = this.#factor(depth)
    if (base === undefined || this.#next !== '^') return base
    this.#take()
    const exponent = this.#factor(depth)
    return exponent === undefined ? undefined : base ** exponent
  }

  #factor(depth: number): number | undefined {
    const token = this.#take()
    if (token === '-') {
      const value = this.#factor(depth)
      return value === undefined ? undefined : -value
    }
    if (token === '(') {
      const value = depth < 8 ? this.sum(depth + 1) : undefined
      return value !== undefined && this.#take() === ')' ? value : undefined
    }
    if (!/\d/.test(token)) return undefined
    this.terms.push(Number(token))
    if (this.#next !== '%') return Number(token)
    this.#take()
    return Number(token) / 100
  }

  get #next(): string {
    return this.#tokens[this.#at] ?? ''
  }

  #take(): string {
    const token = this.#next
    this.#at += 1
    return token
  }
}
