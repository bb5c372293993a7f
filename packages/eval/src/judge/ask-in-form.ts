import type { AskJudge, JudgeReply, JudgeRequest } from './judge-client.ts'

/** What came of asking: what was read out of the reply, or why there is nothing. */
export type Answered<T> = (
  | { readonly value: T }
  | { readonly failure: 'judge_refused' | 'judge_cut_off' | 'unparseable' }
) & { readonly costNanoUsd: number | undefined; readonly model: string | undefined }

const repair = 'That was not in the form asked for. Answer again, in the form of the schema, and give nothing else.'

/**
 * Asks, and once more where the reply is not in the form asked for. A refusal and an answer that was cut off are not asked
 * for again: they would come again.
 *
 * @param read gives what the reply says; `undefined` for one that is not in form.
 */
export async function askInForm<T>(
  ask: AskJudge,
  request: Omit<JudgeRequest, 'messages'>,
  content: string,
  read: (value: unknown) => T | undefined,
): Promise<Answered<T>> {
  const first = await ask({ ...request, messages: [{ role: 'user', content }] })
  const answered = readReply(first, read)
  if ('value' in answered || answered.failure !== 'unparseable') return answered
  const messages = [
    { role: 'user', content },
    { role: 'assistant', content: first.text || '(nothing)' },
    { role: 'user', content: repair },
  ] as const
  const second = readReply(await ask({ ...request, messages }), read)
  return { ...second, costNanoUsd: sumOf([first.costNanoUsd, second.costNanoUsd]) }
}

/** What votes or rounds cost together, as a score has it: nothing where none has a price. */
export function costOf(answers: readonly { readonly costNanoUsd: number | undefined }[]): { costNanoUsd?: number } {
  const costNanoUsd = sumOf(answers.map((answer) => answer.costNanoUsd))
  return costNanoUsd === undefined ? {} : { costNanoUsd }
}

function readReply<T>(reply: JudgeReply, read: (value: unknown) => T | undefined): Answered<T> {
  const { costNanoUsd, model } = reply
  if ('failure' in reply) return { failure: reply.failure, costNanoUsd, model }
  const value = read(reply.value)
  return value === undefined ? { failure: 'unparseable', costNanoUsd, model } : { value, costNanoUsd, model }
}

function sumOf(costs: readonly (number | undefined)[]): number | undefined {
  const known = costs.filter((cost) => cost !== undefined)
  return known.length > 0 ? known.reduce((sum, cost) => sum + cost, 0) : undefined
}
