// Hosts that charge what the maker charges. Others (Bedrock, Groq, Together…) have prices of their own, so their names are
// found as they are or not at all.
const samePriceHost =
  /^(?:openrouter\/(?=(?:openai|anthropic|google|x-ai)\/))?(?:openai|anthropic|azure|google|gemini|vertex_ai|mistral|deepseek|x-?ai|cohere|models)[/:]/
const dated = /[-@](?:\d{4}-\d\d-\d\d|\d{8}|latest|default)$/
const claudeNumberFirst = /^claude-(\d+(?:-\d{1,2})?)-(opus|sonnet|haiku|fable|mythos)(?![a-z])/

/** The names under which a model may be listed, from the most to the least specific. */
export function namesOf(model: string): readonly string[] {
  const name = model.trim().toLowerCase()
  const names = new Set<string>()
  for (const one of [name, name.replace(samePriceHost, '')])
    for (const form of [one, one.replace(dated, '')]) names.add(form).add(plainForm(form))
  return [...names]
}

/** `claude-3.5-haiku`, `claude-3-5-haiku` and `claude-haiku-3-5` are one model. */
export function plainForm(name: string): string {
  return name.startsWith('claude-') ? name.replaceAll('.', '-').replace(claudeNumberFirst, 'claude-$2-$1') : name
}

/** Finds values by name, by exact names first, then by the pattern with the most characters of its own. */
export class NameIndex<T> {
  readonly #exact = new Map<string, T>()
  readonly #patterns: { readonly parts: readonly string[]; readonly length: number; readonly value: T }[] = []

  /** The first value added under a name keeps it. `*` in a name stands for any characters. */
  add(name: string, value: T): void {
    const lower = name.toLowerCase()
    if (lower.includes('*')) {
      const parts = lower.split('*')
      this.#patterns.push({ parts, length: lower.length - parts.length, value })
    } else {
      for (const form of [lower, plainForm(lower)]) if (!this.#exact.has(form)) this.#exact.set(form, value)
    }
  }

  find(names: readonly string[]): T | undefined {
    for (const name of names) {
      const exact = this.#exact.get(name)
      if (exact !== undefined) return exact
    }
    for (const name of names) {
      let best: { readonly length: number; readonly value: T } | undefined
      for (const pattern of this.#patterns)
        if (pattern.length > (best?.length ?? -1) && fits(name, pattern.parts)) best = pattern
      if (best) return best.value
    }
    return undefined
  }
}

function fits(name: string, parts: readonly string[]): boolean {
  const first = parts[0]!
  const last = parts.at(-1)!
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false
  let from = first.length
  for (const part of parts.slice(1, -1)) {
    const at = name.indexOf(part, from)
    if (at === -1) return false
    from = at + part.length
  }
  return from <= name.length - last.length
}
