import { isAnswer } from '../answer.ts'
import type { Scenario } from '../scenario.ts'
import type { Trial, View } from '../trial.ts'
import { finding, judge } from '../verdict.ts'

const callers = 500
/** Retries and failovers that need no calls to be allowed: what a process with few calls may make. */
const allowance = 50
const boundMs = 60_000

/**
 * E04: everything is down and 500 callers are there at once. Nobody can be helped, and the provider is to be left in peace.
 * With a fallback that is healthy, the same callers are to be helped all of them: saying no to everybody is no answer.
 */
export const retryStorm: Scenario = {
  id: 'E04',
  title: 'retry storm, 500 callers',
  lane: 'alone',
  async run(open) {
    const trial = await open()
    const { client, server } = trial
    const views = await crowd(trial, '503-late-2')
    const helped = client.hasFallback ? await crowd(await open(), 'ok') : undefined
    const limit = 1.1 * callers + allowance
    const requests = `${server.of('503-late').length} + ${server.of('503-late-2').length}`
    const ended = (outcome: string): number => views.filter((view) => view.outcome === outcome).length
    const good = helped?.filter(({ outcome, text }) => outcome === 'success' && isAnswer(text)).length
    const findings = [
      finding('no_storm', server.log.length <= limit, `${requests} requests for ${callers} callers, at most ${limit}`),
      finding('no_hang', ended('hang') === 0, `${ended('error')} errors, ${ended('hang')} hung`),
      finding(
        'original_error',
        views.every(({ status }) => status === 503),
        'what callers see is the 503',
        {
          isAdvisory: true,
        },
      ),
      finding('all_helped_by_a_healthy_fallback', helped && good === callers, `${good ?? 'no'} of ${callers} callers`),
    ]
    const known = {
      hasHung: [...views, ...(helped ?? [])].some(({ outcome }) => outcome === 'hang'),
      isWrongSuccess: ended('success') > 0,
      isRescued: ended('error') === callers,
      error: undefined,
    }
    return { findings, ...judge(known, findings) }
  },
}

function crowd(trial: Trial, fallback: string): Promise<readonly View[]> {
  const ask = { model: '503-late', isStream: false, ...(trial.client.hasFallback && { fallback }) }
  return Promise.all(Array.from({ length: callers }, () => trial.ask(ask, boundMs)))
}
