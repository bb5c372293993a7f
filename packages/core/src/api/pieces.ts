import type { AnswerText, Boundaries } from './api.ts'

/**
 * The texts of an answer as the pieces that stream it: cut and interleaved as recorded, parts that were not recorded
 * whole and last. The answer may have been rewritten since: a part's last boundary takes all that is left of it, and
 * boundaries of no part, or past the end of one, are left out.
 */
export function piecesOf(parts: readonly AnswerText[], boundaries: Boundaries = []): readonly AnswerText[] {
  const rest = new Map(parts.map((part) => [part.part, part]))
  const cuts = boundaries.filter(([, length]) => length > 0)
  const last = new Map(cuts.map(([part], at) => [part, at]))
  const pieces: AnswerText[] = []
  const take = (part: string, length: number): void => {
    const left = rest.get(part)
    if (!left?.text) return
    pieces.push({ ...left, text: left.text.slice(0, length) })
    rest.set(part, { ...left, text: left.text.slice(length) })
  }
  cuts.forEach(([part, length], at) => take(part, last.get(part) === at ? Infinity : length))
  for (const { part } of parts) take(part, Infinity)
  return pieces
}
