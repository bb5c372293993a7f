import type { AnswerText, Channel, ChoiceView } from './api.ts'

/** What the parts of one choice say, joined by channel. Thoughts and refusals that were not made are `undefined`. */
export function saidIn(parts: readonly AnswerText[]): Pick<ChoiceView, 'text' | 'refusal' | 'reasoning'> {
  const join = (channel: Channel, between: string): string =>
    parts.flatMap((part) => (part.channel === channel ? part.text : [])).join(between)
  return {
    text: join('text', ''),
    refusal: join('refusal', '') || undefined,
    reasoning: join('reasoning', '\n\n') || undefined,
  }
}
