import { SluiceError, type Call } from '@sluice/core'
import { onlyWarns } from '../detector.ts'
import type { GuardSettings } from '../guard-settings.ts'

/**
 * Refuses a response that is to be made in the background where its answer would have to be checked: it is fetched later, by a
 * call that is none of a dialect, and would pass unseen. A streamed one is checked as it comes.
 *
 * @throws {SluiceError} `guard.background`
 */
export function refuseBackground(call: Call, { output, calls }: GuardSettings): void {
  const { background, stream } = call.request as { readonly background?: unknown; readonly stream?: unknown }
  if (background !== true || stream === true || call.api.isAside) return
  const guard = [output, calls]
    .flatMap(({ live, sentence, buffer, late }) => [...live, ...sentence, ...buffer, ...late])
    .find((detector) => !onlyWarns(detector))
  if (!guard) return
  throw new SluiceError({
    code: 'guard.background',
    message:
      `With background: true the answer is fetched by responses.retrieve(), which the guard "${guard.name}" cannot see. ` +
      'Add stream: true, or use a client without guards of the output and give what you fetch to session().output() of createGuard().',
    details: { guard: guard.name },
  })
}
