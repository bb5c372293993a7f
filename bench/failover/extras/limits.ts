import { isAnswer } from '../answer.ts'
import type { Scenario } from '../scenario.ts'
import type { Trial, View } from '../trial.ts'
import { finding, judge, type Finding } from '../verdict.ts'

function isGood({ outcome, text }: View): boolean {
  return outcome === 'success' && isAnswer(text)
}

function caseOf(views: readonly View[]): Parameters<typeof judge>[0] {
  return {
    hasHung: views.some(({ outcome }) => outcome === 'hang'),
    isWrongSuccess: views.some((view) => view.outcome === 'success' && !isGood(view)),
    isRescued: views.every(isGood),
    error: views.find(({ error }) => error !== undefined)?.error,
  }
}

/** E01: HTTP 200, and the error comes as the first event; the second time it comes after the role. */
export const errorInsideStream: Scenario = {
  id: 'E01',
  title: 'error as first event after 200',
  lane: 'usual',
  async run(open) {
    const trial = await open()
    const view = await trial.ask({ model: 'error-in-200', ...fallback(trial, 'ok') }, 30_000)
    const { log } = trial.server
    const findings = [
      finding('no_hang', view.outcome !== 'hang', `${view.outcome} after ${view.elapsedMs} ms`),
      finding('bounded_attempts', log.length <= 6, `${log.length} requests`),
      finding('one_answer', view.outcome !== 'success' || view.ids.length <= 1, `stream ids ${view.ids.join(', ')}`),
    ]
    return { findings, ...judge(caseOf([view]), findings) }
  },
}

/** E05: 90 s is longer than many clients believe. Without anybody else to ask, it has to be waited. */
export const retryAfter90: Scenario = {
  id: 'E05',
  title: 'Retry-After: 90',
  lane: 'long',
  async run(open) {
    const trials = [await open()]
    const [first] = trials as [Trial]
    const ask = { model: '429-for-90-s', ...fallback(first, 'ok') }
    const boundMs = 110_000
    const alone = first.client.hasFallback ? await open() : undefined
    if (alone) trials.push(alone)
    const waiting = alone?.ask({ model: ask.model }, boundMs)
    const views = [await first.ask(ask, boundMs)]
    // While it is to be left alone, calls must not go there.
    if (first.client.hasFallback) views.push(await first.ask(ask, boundMs), await first.ask(ask, boundMs))
    const waited = await waiting
    if (waited) views.push(waited)
    const early = trials.map((trial) => {
      const [one, ...later] = trial.seen(ask.model)
      return later.filter(({ atMs }) => atMs - (one?.atMs ?? 0) < 89_500).length
    })
    const findings = [
      finding(
        'bounded_attempts',
        early.every((count) => count <= 5),
        `${early.join(' and ')} more within 90 s`,
      ),
      finding(
        'left_alone_for_90_s',
        early.every((count) => count === 0),
        `${early.join(' and ')} requests too early`,
        {
          isAdvisory: true,
        },
      ),
      ...(waited
        ? [
            finding('waits_without_a_fallback', isGood(waited), `${waited.outcome} after ${waited.elapsedMs} ms`, {
              isAdvisory: true,
            }),
          ]
        : []),
    ]
    return { findings, ...judge(caseOf(views), findings) }
  },
}

/** E06: the other form of the header. */
export const retryAfterDate: Scenario = {
  id: 'E06',
  title: 'Retry-After as HTTP date',
  lane: 'usual',
  async run(open) {
    const trial = await open()
    const ask = { model: '429-until-date', ...fallback(trial, 'ok') }
    const view = await trial.ask(ask, 30_000)
    const seen = trial.seen(ask.model)
    const refused = seen.filter(({ did }) => did.startsWith('429'))
    const findings: Finding[] = [
      finding('date_honoured', refused.length <= 1, `${refused.length} of ${seen.length} attempts refused`, {
        isAdvisory: true,
      }),
      finding('bounded_attempts', seen.length <= 6, `${seen.length} attempts`),
    ]
    return { findings, ...judge(caseOf([view]), findings) }
  },
}

/** E11: a key that is not valid will not be valid for the next call either. */
export const refusedKey: Scenario = {
  id: 'E11',
  title: '401 is left alone afterwards',
  lane: 'usual',
  async run(open) {
    const trial = await open()
    const ask = { model: '401-always', ...fallback(trial, 'ok') }
    const views: View[] = []
    for (let call = 0; call < 5; call += 1) views.push(await trial.ask(ask, 20_000))
    const attempts = trial.seen(ask.model).length
    const findings = [
      finding('no_same_call_retry', attempts <= views.length, `${attempts} attempts in ${views.length} calls`),
      finding('left_alone_afterwards', attempts === 1, `${attempts} attempts in ${views.length} calls`, {
        isAdvisory: true,
      }),
    ]
    return { findings, ...judge(caseOf(views), findings) }
  },
}

function fallback({ client }: Trial, model: string): { fallback?: string } {
  return client.hasFallback ? { fallback: model } : {}
}
