import { inputTokens, outputTokens, type Call, type Pricer } from '@sluice/core'
import type { SeenCall } from './seen-call.ts'

interface Ended {
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly price: Pricer | undefined
}

/** A call and its whole answer, read. */
export function seenCall({ api, id, request, context }: Call, output: unknown, ended: Ended): SeenCall {
  const answer = api.answer(output as never)
  const usage = api.usage(output as never)
  const model = answer.model ?? api.model(request)
  const { startedAtMs, endedAtMs, price } = ended
  const priced = usage && price?.(usage, { model, atMs: endedAtMs })
  const prompt = api.prompt(request)
  const asked = prompt.findLast(({ role, kind }) => role === 'user' && kind === 'text')
  return {
    id,
    request,
    input: asked?.text ?? prompt.at(-1)?.text ?? '',
    output,
    text: answer.choices[0]?.text ?? '',
    answer,
    model,
    context,
    latencyMs: endedAtMs - startedAtMs,
    inputTokens: usage && inputTokens(usage),
    outputTokens: usage && outputTokens(usage),
    cost: priced && 'nanoUsd' in priced ? priced : undefined,
    endedAtMs,
  }
}
