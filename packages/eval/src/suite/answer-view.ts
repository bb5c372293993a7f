import type { AnswerView, Api } from '@sluice/core'
import { anthropicMessages, openaiChat, openaiCompletions, openaiResponses } from '@sluice/core/apis'
import { canonicalJson } from './digest.ts'

/** What an output says when it is a provider's answer as an SDK returns it; `undefined` for anything else. */
export function answerView(output: unknown): AnswerView | undefined {
  const api = dialectOf(output)
  return api?.answer(output as never)
}

/** The output as text: itself, an answer's text, else its JSON. */
export function textOf(output: unknown, answer: AnswerView | undefined): string {
  if (typeof output === 'string') return output
  const choice = answer?.choices[0]
  return choice ? choice.text || (choice.refusal ?? '') : canonicalJson(output)
}

function dialectOf(output: unknown): Api | undefined {
  if (typeof output !== 'object' || output === null) return undefined
  const { object, type, choices, content } = output as Record<string, unknown>
  if (object === 'chat.completion' && Array.isArray(choices)) return openaiChat as unknown as Api
  if (object === 'text_completion' && Array.isArray(choices)) return openaiCompletions as unknown as Api
  if (object === 'response' && 'output' in output) return openaiResponses as unknown as Api
  if (type === 'message' && Array.isArray(content)) return anthropicMessages as unknown as Api
  return undefined
}
