import { getEventListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { isAnswer, wordCount } from '../answer.ts'
import type { Scenario } from '../scenario.ts'
import { finding, judge } from '../verdict.ts'

/** E03: the caller gives a stream up in its middle; what was used of it must still be known. */
export const usageOnAbort: Scenario = {
  id: 'E03',
  title: 'usage on abort',
  lane: 'usual',
  async run(open) {
    const trial = await open()
    const controller = new AbortController()
    const view = await trial.ask(
      {
        model: 'ok-slow-words',
        signal: controller.signal,
        onText: ({ pieces }) => {
          if (pieces === 20) controller.abort()
        },
      },
      15_000,
    )
    const [seen] = trial.server.log
    const { spent } = view
    const isNear = spent !== undefined && spent.output >= 20 * 0.7 && spent.output <= 20 * 2
    const findings = [
      finding('no_hang', view.outcome !== 'hang', `${view.outcome} with ${view.pieces} words`),
      finding('tokens_known', spent !== undefined, spent ? `${spent.input} + ${spent.output} tokens` : 'nobody says', {
        isAdvisory: true,
      }),
      finding('near_what_was_sent', spent && isNear, `${seen?.wordsSent ?? 0} words were sent, 20 read`, {
        isAdvisory: true,
      }),
      finding('flagged_estimated', spent && spent.isEstimated, String(spent?.isEstimated), { isAdvisory: true }),
    ]
    const known = {
      hasHung: view.outcome === 'hang',
      isWrongSuccess: view.pieces < 20,
      isRescued: spent !== undefined,
      error: 'the tokens of the aborted stream are lost',
    }
    return { findings, ...judge(known, findings) }
  },
}

/** E07: the caller gives up while the client waits to try again. */
export const abortInBackoff: Scenario = {
  id: 'E07',
  title: 'abort in backoff',
  lane: 'alone',
  async run(open) {
    const trial = await open()
    const { client, server } = trial
    const controller = new AbortController()
    const { signal } = controller
    let abortedAtMs = 0
    let atAbort = 0
    const abort = setTimeout(() => {
      abortedAtMs = server.now()
      atAbort = server.log.length
      controller.abort()
    }, 1_000)
    const ask = { model: '429-for-20-s', ...(client.hasFallback && { fallback: '429-for-20-s-2' }), signal }
    const view = await trial.ask(ask, 6_000)
    clearTimeout(abort)
    const endedAtMs = view.beganAtMs + view.elapsedMs
    const wasWaiting = abortedAtMs > 0
    const listeners = getEventListeners(signal, 'abort').length
    await wait(1_500)
    const later = server.log.length - atAbort
    const tookMs = endedAtMs - abortedAtMs
    const findings = [
      finding('no_hang', view.outcome !== 'hang', `${view.outcome}: ${view.error}`),
      finding('was_in_backoff', wasWaiting, `${atAbort} requests before the abort, none under way`, {
        isAdvisory: true,
      }),
      finding('ended_within_100_ms', wasWaiting && tookMs <= 100, wasWaiting ? `${tookMs} ms` : 'it had ended before', {
        isAdvisory: true,
      }),
      finding('no_listener_left', listeners === 0, `${listeners} listeners on the caller's signal`, {
        isAdvisory: true,
      }),
      finding('no_request_after', !wasWaiting || later === 0, `${later} requests after the abort`),
    ]
    const known = {
      hasHung: view.outcome === 'hang',
      isWrongSuccess: view.outcome === 'success',
      isRescued: wasWaiting,
      error: 'it did not wait as it was asked to',
    }
    return { findings, ...judge(known, findings) }
  },
}

/** E09: the consumer leaves the stream; nobody must go on paying for it. */
export const breakCloses: Scenario = {
  id: 'E09',
  title: 'break closes upstream',
  lane: 'alone',
  async run(open) {
    const trial = await open()
    const view = await trial.ask({ model: 'ok-slow-words', leaveAfter: 5 }, 10_000)
    const leftAtMs = view.beganAtMs + view.elapsedMs
    await wait(1_000)
    const [seen] = trial.server.log
    const closedAtMs = seen?.leftAtMs
    const findings = [
      finding(
        'upstream_closed',
        closedAtMs !== undefined && closedAtMs - leftAtMs <= 500,
        closedAtMs === undefined ? 'still open after 1 s' : `${closedAtMs - leftAtMs} ms after the break`,
      ),
      finding('not_sent_to_the_end', (seen?.wordsSent ?? 60) < 60, `${seen?.wordsSent} of 60 words were sent`),
      finding('alive_after', (await trial.isAlive()).isAlive, 'a healthy call afterwards'),
    ]
    const known = {
      hasHung: view.outcome === 'hang',
      isWrongSuccess: view.pieces !== 5 || isAnswer(view.text) || wordCount(view.text) !== 5,
      isRescued: view.outcome === 'success',
      error: view.error,
    }
    return { findings, ...judge(known, findings) }
  },
}
