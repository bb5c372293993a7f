import type { View } from './stream/view.ts'

/** A piece of a view and what is put in its place. Offsets are absolute. */
export interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Writes a view with pieces of it replaced, from where it stopped before. Where pieces overlap they become one, named after
 * the one that begins first (the longer of two that begin together), so that no part of either is left.
 */
export class Redaction {
  readonly #view: View
  /** How far it is written. */
  at = 0

  constructor(view: View) {
    this.#view = view
  }

  /** The text up to `limit`. `replacements` are those that begin before it and that it was not given before. */
  write(replacements: readonly Replacement[], limit: number): string {
    const view = this.#view
    let written = ''
    for (const { start, end, text } of widened(view, replacements)) {
      if (start >= this.at) written += view.keep(this.at, start) + view.replace(start, end, text)
      else if (end > this.at) written += view.replace(this.at, end, '')
      this.at = Math.max(this.at, end)
    }
    if (limit > this.at) {
      written += view.keep(this.at, limit)
      this.at = limit
    }
    return written
  }
}

function widened(view: View, replacements: readonly Replacement[]): readonly Replacement[] {
  if (replacements.length === 0) return replacements
  return replacements
    .map(({ start, end, text }) => {
      const [from, to] = view.widen(start, end)
      return { start: from, end: to, text }
    })
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
}
