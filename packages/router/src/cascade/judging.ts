import { isSluiceError, SluiceError } from '@sluice/core'
import type { Call } from '@sluice/core'
import type { CoreStep } from './cascade-core.ts'
import type { CallSteps, KeptAnswer } from './call-steps.ts'
import { beginEstimate, estimateOf, type Ask, type BeginInput, type Estimate, type Estimator } from './estimator.ts'
import { untilAborted } from './until-aborted.ts'

/** What came of judging an answer: an estimate, or the name of what went wrong. */
export type Judgement = Required<Estimate> | { readonly score: undefined; readonly reason: string }

/** The judging of one step's answer, from when the step is asked until the answer is accepted or not. */
export class Judging {
  readonly #steps: CallSteps
  readonly #estimator: Estimator
  readonly #input: BeginInput
  readonly #controller = new AbortController()
  readonly #begun: unknown

  constructor(steps: CallSteps, step: CoreStep, estimator: Estimator) {
    this.#steps = steps
    this.#estimator = estimator
    const { call } = steps
    if (call.signal?.aborted) this.#controller.abort(call.signal.reason)
    call.signal?.addEventListener('abort', this.#onAbort)
    const judged = call.with({ signal: this.#controller.signal })
    const { index, id, target } = step
    this.#input = { call: judged, step: { index, id, target }, ask: this.#askWith(judged) }
    this.#begun = beginEstimate(estimator, this.#input)
  }

  /** The estimate. Rejects only when the application gave up. */
  async judge({ answer, view }: KeptAnswer): Promise<Judgement> {
    const { signal } = this.#steps.call
    const input = { ...this.#input, answer, view, text: view.choices[0]?.text ?? '', begun: this.#begun }
    try {
      return await untilAborted(estimateOf(this.#estimator, input), signal)
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      return { score: undefined, reason: isSluiceError(error) ? error.code : 'estimator_failed' }
    }
  }

  /** Nobody waits for it any more: what is still being asked is given up. */
  end(): void {
    this.#steps.call.signal?.removeEventListener('abort', this.#onAbort)
    this.#controller.abort(new DOMException('Nobody waits for this judgement any more', 'AbortError'))
  }

  #askWith(judged: Call): Ask {
    const { core } = this.#steps
    return async (target, request = judged.request) => {
      const { api } = judged
      const call = judged.with({ request: api.withStream(request, false) })
      const run = this.#steps.start(core.routed(target), 'judge', { call })
      const kept = await this.#steps.kept(run)
      if (kept.kind === 'failed') {
        void kept.failed.discard()
        throw askFailed(target.id, kept.rule.name)
      }
      const { answer, view, usage, isEstimated } = kept
      this.#steps.end(run, { outcome: 'answered', usage, isEstimated })
      return { answer, view, text: view.choices[0]?.text ?? '' }
    }
  }

  readonly #onAbort = (): void => this.#controller.abort(this.#steps.call.signal?.reason)
}

function askFailed(target: string, reason: string): SluiceError {
  return new SluiceError({
    code: 'cascade.ask',
    message: `The target "${target}", asked for an estimate, failed: ${reason}.`,
    details: { target, reason },
    status: 502,
  })
}
