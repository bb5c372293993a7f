import { setTimeout as wait } from 'node:timers/promises'
import { isAnswer } from './answer.ts'
import type { Scenario } from './scenario.ts'
import type { View } from './trial.ts'
import { finding, judge } from './verdict.ts'

interface Flapping {
  readonly requests: number
  readonly intervalMs: number
  readonly boundMs: number
  readonly recoveredWithinMs: number
}

const model = 'flapping'

/** S15: the first model is down for a while and then healthy; one call every few seconds, through both. */
export function flapping({ requests, intervalMs, boundMs, recoveredWithinMs }: Flapping): Scenario {
  return {
    id: 'S15',
    title: 'flapping primary',
    lane: 'long',
    async run(open) {
      const trial = await open()
      const { client, timings, server } = trial
      const views: View[] = []
      for (let index = 0; index < requests; index += 1) {
        await wait(Math.max(0, index * intervalMs - server.now()))
        views.push(await trial.ask({ model, ...(client.hasFallback && { fallback: 'ok' }) }, boundMs))
      }
      const { downMs } = timings
      const during = views.filter(({ beganAtMs }) => beganAtMs < downMs)
      const served = during.filter(({ outcome }) => outcome === 'success')
      const attempts = trial.seen(model).filter(({ atMs }) => atMs < downMs)
      const recoveredAtMs = trial.seen(model).find(({ did }) => did.startsWith('200'))?.atMs
      const afterMs = recoveredAtMs === undefined ? Infinity : recoveredAtMs - downMs
      const hung = views.filter(({ outcome }) => outcome === 'hang')
      const ifFallback = (isMet: boolean): boolean | undefined => (client.hasFallback ? isMet : undefined)
      const findings = [
        finding('no_hang', hung.length === 0, `${hung.length} of ${views.length} hung`),
        finding(
          'served_during_outage',
          ifFallback(during.length > 0 && served.length === during.length),
          `${served.length} of ${during.length} answered while it was down`,
        ),
        finding(
          'recovered',
          ifFallback(afterMs <= recoveredWithinMs),
          `used again ${(afterMs / 1000).toFixed(1)} s after it was back`,
        ),
        finding(
          'probe_discipline',
          attempts.length <= during.length,
          `${attempts.length} attempts for ${during.length} calls while it was down`,
          { isAdvisory: true, isNoted: true },
        ),
      ]
      const isWrong = ({ outcome, text }: View): boolean => outcome === 'success' && !isAnswer(text)
      const known = {
        hasHung: hung.length > 0,
        isWrongSuccess: views.some(isWrong),
        isRescued: views.every(({ outcome, text }) => outcome === 'success' && isAnswer(text)),
        error: views.find(({ error }) => error !== undefined)?.error,
      }
      return { findings, ...judge(known, findings) }
    },
  }
}
