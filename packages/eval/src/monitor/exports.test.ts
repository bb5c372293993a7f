import { expect, it } from 'vitest'
import { hostileTexts } from '../../fixtures/hostile-texts.ts'
import { monitored, scorerOf } from '../../fixtures/monitored.ts'
import { otelResults, type OtelLogger } from './otel.ts'

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Reads Prometheus' text format, version 0.0.4, by its grammar; throws on what does not fit. */
function parsed(text: string): { readonly samples: readonly Sample[]; readonly types: ReadonlyMap<string, string> } {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const [samples, types] = [[] as Sample[], new Map<string, string>()]
  for (const line of text.slice(0, -1).split('\n')) {
    const [, type, of] = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram|summary|untyped)$/.exec(line) ?? []
    if (type !== undefined && of !== undefined) {
      if (types.has(type)) throw new Error(`${type} is declared twice`)
      types.set(type, of)
      continue
    }
    if (/^# HELP [a-zA-Z_:][\w:]* .*$/.test(line)) continue
    const [, name, list = '', value] =
      /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\]|\\\\|\\"|\\n)*"(?:,(?!\}))?)*)\})? (\S+)$/.exec(line) ?? []
    if (name === undefined || Number.isNaN(Number(value))) throw new Error(`no sample: ${line}`)
    const labels = [...list.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, label, of]) => [
      label,
      of?.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character)),
    ])
    samples.push({ name, labels: Object.fromEntries(labels) as Record<string, string>, value: Number(value) })
  }
  return { samples, types }
}

it('is read by Prometheus, whatever names and labels hold', async () => {
  const scorers = hostileTexts.map((name) => scorerOf(() => ({ status: 'scored', score: 0.5, label: name }), { name }))
  const { ask, watch } = monitored({ scorers, sample: { rate: 1, strata: { by: ({ input }) => input, minimum: 1 } } })
  expect(() => parsed(watch.prometheus())).not.toThrow()
  for (const text of hostileTexts) await ask(text)
  await watch.idle()
  const { samples } = parsed(watch.prometheus())
  const results = samples.filter(({ name }) => name === 'eval_results_total')
  expect(results).toHaveLength(hostileTexts.length ** 2)
  // The provider is sent a lone surrogate as what stands for it.
  for (const text of hostileTexts.filter((each) => each.isWellFormed()))
    expect(results).toContainEqual({
      name: 'eval_results_total',
      labels: { scorer: text, stratum: text, label: text },
      value: 1,
    })
})

it('counts scores in a histogram, and what has none by its reason', async () => {
  const scores = [0, 0.25, 0.5, 1]
  const { ask, watch } = monitored({
    scorers: [
      scorerOf(() => scores.shift() as number),
      scorerOf(() => ({ status: 'unscored', reason: 'unclear' }), { name: 'vague' }),
      scorerOf(() => Promise.reject(new Error('mine')), { name: 'broken' }),
      scorerOf(() => ({ status: 'scored', score: 1, costNanoUsd: 250_000_000 }), { name: 'tone', isJudge: true }),
    ],
  })
  for (let index = 0; index < 4; index += 1) await ask('Hello')
  await watch.idle()
  const { samples, types } = parsed(watch.prometheus())
  const value = (name: string, labels: Readonly<Record<string, string>>): number | undefined =>
    samples.find(
      (sample) => sample.name === name && Object.entries(labels).every(([of, text]) => sample.labels[of] === text),
    )?.value
  const good = { scorer: 'good' }
  const buckets = samples.filter(({ name, labels }) => name === 'eval_score_bucket' && labels['scorer'] === 'good')
  expect(buckets.map(({ labels, value: count }) => [labels['le'], count])).toEqual([
    ['0', 1],
    ['0.1', 1],
    ['0.2', 1],
    ['0.3', 2],
    ['0.4', 2],
    ['0.5', 3],
    ['0.6', 3],
    ['0.7', 3],
    ['0.8', 3],
    ['0.9', 3],
    ['1', 4],
    ['+Inf', 4],
  ])
  expect([value('eval_score_sum', good), value('eval_score_count', good), value('eval_score_mean', good)]).toEqual([
    1.75, 4, 0.4375,
  ])
  expect(value('eval_unscored_total', { scorer: 'vague', reason: 'unclear' })).toBe(4)
  expect(value('eval_unscored_total', { scorer: 'broken', reason: 'errored' })).toBe(4)
  expect(value('eval_cost_usd_total', { role: 'judge' })).toBe(1)
  expect(Object.fromEntries(types)).toMatchObject({ eval_score: 'histogram', eval_dropped_total: 'counter' })
})

it('sends scores to OpenTelemetry, and no text of the call', async () => {
  const records: Parameters<OtelLogger['emit']>[0][] = []
  const { ask, watch, provider } = monitored({
    scorers: [
      scorerOf(() => ({ status: 'scored', score: 0.75, label: 'close', reason: 'says secret' })),
      scorerOf(() => ({ status: 'unscored', reason: 'unclear' }), { name: 'vague' }),
      scorerOf(() => Promise.reject(new Error('secret')), { name: 'broken' }),
    ],
    onResult: otelResults({ emit: (record) => void records.push(record) }),
  })
  provider.on(/secret/, 'a secret answer')
  await ask('a secret question')
  await watch.idle()
  const responseId = records[0]?.attributes['gen_ai.response.id']
  expect(responseId).toMatch(/^chatcmpl/)
  expect(records.map(({ eventName, attributes }) => ({ eventName, attributes }))).toEqual([
    {
      eventName: 'gen_ai.evaluation.result',
      attributes: {
        'gen_ai.evaluation.name': 'good',
        'gen_ai.evaluation.score.value': 0.75,
        'gen_ai.evaluation.score.label': 'close',
        'gen_ai.response.id': responseId,
      },
    },
    {
      eventName: 'gen_ai.evaluation.result',
      attributes: {
        'gen_ai.evaluation.name': 'vague',
        'gen_ai.evaluation.score.label': 'unscored: unclear',
        'gen_ai.response.id': responseId,
      },
    },
    {
      eventName: 'gen_ai.evaluation.result',
      attributes: {
        'gen_ai.evaluation.name': 'broken',
        'error.type': 'scorer_error',
        'gen_ai.response.id': responseId,
      },
    },
  ])
  expect(JSON.stringify(records)).not.toContain('secret')
})
