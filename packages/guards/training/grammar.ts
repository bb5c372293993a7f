/** Draws sentences from templates: `{a|b}` is either, `<name>` one of a named list, both to any depth. */
export interface Grammar {
  draw(template: string): string
}

/** A repeatable source of numbers in 0 ≤ x < 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function grammar(lists: Readonly<Record<string, readonly string[]>>, random: () => number): Grammar {
  const pick = (options: readonly string[]): string => options[Math.floor(random() * options.length)] ?? ''
  const draw = (template: string): string => {
    let text = template
    for (let depth = 0; depth < 12 && /[<{]/.test(text); depth += 1) {
      const before = text
      text = text
        .replace(/\{([^{}]*)\}/g, (_, options: string) => pick(options.split('|')))
        .replace(/<([a-z_]+)>/g, (whole, name: string) => (lists[name] ? pick(lists[name]) : whole))
      if (text === before) break
    }
    return text.replace(/ {2,}/g, ' ').trim()
  }
  return { draw }
}

/** Changes of typing that mean nothing: case, missing full stops, doubled marks. */
export function retyped(text: string, random: () => number): string {
  const way = random()
  if (way < 0.12) return text.toLowerCase()
  if (way < 0.18) return text.toUpperCase()
  if (way < 0.26) return text.replace(/[.!?]$/, '')
  if (way < 0.3) return `"${text}"`
  if (way < 0.34) return texted(text)
  return text
}

/** As people type on a phone. */
function texted(text: string): string {
  return text
    .toLowerCase()
    .replace(/\byour\b/g, 'ur')
    .replace(/\byou\b/g, 'u')
    .replace(/\bare\b/g, 'r')
    .replace(/\bplease\b/g, 'pls')
    .replace(/[.'’]/g, '')
}
