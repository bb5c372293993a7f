import { toolCall } from '../answer.ts'
import type { ToldCall } from '../clients/client.ts'
import type { Scenario } from '../scenario.ts'
import { finding, judge } from '../verdict.ts'

/**
 * E02: a tool call breaks off and the next try brings it again, under the same id. In a whole answer another try costs
 * nothing. In a stream half of it was shown: then only an error is honest, never a call made of two halves.
 */
export const toolCallTwice: Scenario = {
  id: 'E02',
  title: 'tool-call id twice in a retry',
  lane: 'usual',
  async run(open) {
    const [wholeTrial, streamTrial] = [await open(), await open()]
    const ask = { model: 'broken-tool-once', withTool: true, ...(wholeTrial.client.hasFallback && { fallback: 'ok' }) }
    const whole = await wholeTrial.ask({ ...ask, isStream: false }, 30_000)
    const stream = await streamTrial.ask(ask, 30_000)
    const isClean = ({ outcome, toolCalls }: typeof whole): boolean => outcome !== 'success' || isOne(toolCalls)
    const say = ({ outcome, toolCalls }: typeof whole): string => `${outcome}, ${JSON.stringify(toolCalls)}`
    const findings = [
      finding('whole_is_one_call', isClean(whole), say(whole)),
      finding('stream_is_one_call_or_error', isClean(stream), say(stream)),
      finding(
        'no_id_twice',
        [whole, stream].every((view) => hasNoTwins(view.toolCalls)),
        'ids seen by the caller',
      ),
      finding(
        'was_tried_again',
        wholeTrial.server.log.length > 1,
        `${wholeTrial.server.log.length} requests for the whole answer`,
        { isAdvisory: true },
      ),
      finding('bounded_attempts', wholeTrial.server.log.length <= 6, `${wholeTrial.server.log.length} requests`),
    ]
    const known = {
      hasHung: [whole, stream].some(({ outcome }) => outcome === 'hang'),
      isWrongSuccess: !isClean(whole) || !isClean(stream),
      isRescued: whole.outcome === 'success',
      error: whole.error,
    }
    return { findings, ...judge(known, findings) }
  },
}

function isOne(calls: readonly ToldCall[]): boolean {
  const [call] = calls
  return calls.length === 1 && call?.id === toolCall.id && call.name === toolCall.name && isSame(call.arguments)
}

function isSame(given: string): boolean {
  try {
    return JSON.stringify(JSON.parse(given)) === toolCall.arguments
  } catch {
    return false
  }
}

function hasNoTwins(calls: readonly ToldCall[]): boolean {
  return new Set(calls.map(({ id }) => id)).size === calls.length
}
