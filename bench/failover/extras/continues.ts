import { answer, isAnswer, wordCount } from '../answer.ts'
import type { Scenario } from '../scenario.ts'
import type { Trial, View } from '../trial.ts'
import { finding, judge } from '../verdict.ts'

const cuts = ['cut-1', 'cut-23', 'cut', 'cut-59']
const fallbacks = ['ok', 'ok-no-prefill', 'ok-prefill', 'ok-prefill-repeats']
/** Gives another answer when it is asked the same: nobody can go on with that. */
const other = 'ok-otherwise'

/**
 * E08: a stream is cut after 1, 23, 40 and 59 words, and what it falls back to gives the whole answer again, refuses to go
 * on with half of one, goes on exactly, or says the last words once more. The caller must have a live stream without a
 * seam: every word once, in its place, as it came. Where the fallback gives another answer, there must be an error.
 */
export const continuesInside: Scenario = {
  id: 'E08',
  title: 'cut stream goes on inside itself',
  lane: 'usual',
  async run(open) {
    const pairs = cuts.flatMap((model) => fallbacks.map((fallback) => ({ model, fallback })))
    const same = await Promise.all(pairs.map(async (pair) => ask(await open(), pair)))
    const others = await Promise.all(cuts.map(async (model) => ask(await open(), { model, fallback: other })))
    const results = [...same, ...others]
    const views = same.map(({ view }) => view)
    const count = (test: (result: Result) => boolean): string => {
      const failed = results.filter((result) => !test(result)).map(({ name }) => name)
      return failed.length === 0 ? `all ${results.length}` : `not ${failed.join(', ')}`
    }
    const met = (id: string, test: (result: Result) => boolean): ReturnType<typeof finding> =>
      finding(id, results.every(test), count(test))
    const findings = [
      met('never_a_wrong_word', ({ isAlwaysPrefix }) => isAlwaysPrefix),
      met('no_wrong_success', ({ view }) => view.outcome !== 'success' || isAnswer(view.text)),
      finding(
        'error_where_it_is_another_answer',
        others.every(({ view }) => view.outcome === 'error'),
        others.map(({ name, view }) => `${name}: ${view.outcome}`).join(', '),
      ),
      met('was_live', ({ isLive }) => isLive),
      met('one_stream', ({ view }) => view.ids.length <= 1 && view.finishes.length <= 1),
    ]
    const known = {
      hasHung: results.some(({ view }) => view.outcome === 'hang'),
      isWrongSuccess: views.some(({ outcome, text }) => outcome === 'success' && !isAnswer(text)),
      isRescued: views.every(({ outcome, text }) => outcome === 'success' && isAnswer(text)),
      error: views.find(({ error }) => error !== undefined)?.error,
    }
    return { findings, ...judge(known, findings) }
  },
}

interface Result {
  readonly name: string
  readonly view: View
  /** At no time did the caller hold a text that is not the beginning of the answer. */
  readonly isAlwaysPrefix: boolean
  /** The caller had its first word before the stream was cut. */
  readonly isLive: boolean
}

async function ask(trial: Trial, { model, fallback }: { model: string; fallback: string }): Promise<Result> {
  let isAlwaysPrefix = true
  const view = await trial.ask(
    {
      model,
      ...(trial.client.hasFallback && { fallback }),
      onText: ({ text }) => (isAlwaysPrefix &&= answer.startsWith(text)),
    },
    20_000,
  )
  const cutAtMs = trial.seen(model)[0]?.doneAtMs ?? 0
  // One word comes and goes in the same packet as the cut.
  const isLive = model === 'cut-1' || (view.firstTextAtMs !== undefined && view.firstTextAtMs < cutAtMs)
  return { name: `${model} → ${fallback} (${wordCount(view.text)} words)`, view, isAlwaysPrefix, isLive }
}
