import type { Random } from './random.ts'

const letters = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'
const classes: Readonly<Record<string, string>> = {
  d: digits,
  w: `${letters}${letters.toUpperCase()}${digits}_`,
  s: ' ',
  D: letters,
  W: '-',
  S: letters,
}
const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')

/**
 * A string that a regular expression matches: literals, classes, groups, alternatives and repetition. Assertions,
 * back references and Unicode properties are not understood.
 *
 * @returns `undefined` when the pattern uses something else, or when no sample matched.
 */
export function samplePattern(pattern: string, random: Random): string | undefined {
  let expression: RegExp
  try {
    expression = new RegExp(pattern, 'u')
  } catch {
    return undefined
  }
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      const sample = parser(pattern, random).alternatives()
      if (expression.test(sample)) return sample
    } catch {
      return undefined
    }
  }
  return undefined
}

/** Reads a pattern from left to right and draws as it reads. */
function parser(pattern: string, random: Random): { alternatives(): string } {
  let at = 0
  const peek = (): string => pattern[at] ?? ''
  const unsupported = (): never => {
    throw new SyntaxError(`unsupported at ${at}`)
  }

  function alternatives(): string {
    const options = [sequence()]
    while (peek() === '|') {
      at++
      options.push(sequence())
    }
    return random.pick(options)
  }

  function sequence(): string {
    let text = ''
    while (at < pattern.length && peek() !== '|' && peek() !== ')') text += repeated()
    return text
  }

  function repeated(): string {
    const start = at
    let text = atom()
    const end = at
    const [min, max] = quantifier()
    const after = at
    const times = random.int(min, max)
    if (times === 0) return ''
    // Drawn anew for every repetition, so that \d{4} is not one digit four times.
    for (let i = 1; i < times; i++) {
      at = start
      text += atom()
      if (at !== end) unsupported()
    }
    at = after
    return text
  }

  function quantifier(): [number, number] {
    let range: [number, number] = [1, 1]
    const c = peek()
    if (c === '*') range = [0, 3]
    else if (c === '+') range = [1, 4]
    else if (c === '?') range = [0, 1]
    else if (c === '{') {
      const match = /^\{(\d+)(,(\d*))?\}/.exec(pattern.slice(at))
      if (!match) return unsupported()
      const min = Number(match[1])
      range = [min, match[2] === undefined ? min : match[3] ? Number(match[3]) : min + 3]
      at += match[0].length - 1
    } else return range
    at++
    if (peek() === '?') at++
    return range
  }

  function atom(): string {
    const c = pattern[at++] as string
    if (c === '^' || c === '$') return ''
    if (c === '.') return random.pick([...letters])
    if (c === '[') return random.pick([...set()])
    if (c === '\\') return random.pick([...escaped()])
    if (c !== '(') return c
    if (peek() === '?') {
      const opening = /^\?(:|<[A-Za-z]\w*>)/.exec(pattern.slice(at))
      if (!opening) return unsupported()
      at += opening[0].length
    }
    const text = alternatives()
    if (pattern[at++] !== ')') unsupported()
    return text
  }

  function escaped(): string {
    const c = pattern[at++] as string
    if (classes[c]) return classes[c]
    if (c === 'n') return '\n'
    if (c === 't') return '\t'
    return /[a-zA-Z0-9]/.test(c) ? unsupported() : c
  }

  function set(): string {
    const negated = peek() === '^'
    if (negated) at++
    let members = ''
    while (at < pattern.length && peek() !== ']') {
      const first = peek() === '\\' ? (at++, escaped()) : (pattern[at++] as string)
      const range = peek() === '-' && pattern[at + 1] !== ']' && first.length === 1
      if (!range) members += first
      else {
        at++
        const last = pattern[at++] as string
        for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code++) members += String.fromCharCode(code)
      }
    }
    at++
    const drawn = negated ? [...printable].filter((c) => !members.includes(c)).join('') : members
    return drawn === '' ? unsupported() : drawn
  }

  return { alternatives }
}
