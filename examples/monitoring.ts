// Production, watched: a sample of calls is scored beside the requests, a fall of quality raises an alarm with a stated rate
// of false ones, and what people say of answers becomes cases for the next suite. Offline.
//   node --conditions=@sluice/source examples/monitoring.ts
import { onReport, sluice } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import { includes, judge, monitor, type DraftCase } from '@sluice/eval'
import OpenAI from 'openai'

// The model that answers, and the one that judges. Both are fake here; the clients are the real ones.
const provider = fakeProvider()
provider.on(/refund/i, 'A refund takes 30 days from the day we get the parcel.')
provider.on('judge-model', ({ lastUserText }) => {
  const met = lastUserText.includes('30 days') ? 'yes' : 'no'
  return JSON.stringify({ criteria: [{ id: 'c1', evidence: 'what it says of the period', met }] })
})
const judgeClient = new OpenAI({ apiKey: 'none', fetch: provider.fetch })

const drafts: DraftCase[] = []
const watch = monitor({
  scorers: [
    // Rules cost nothing, so every sampled call gets them; a judge tells what rules cannot.
    includes({ name: 'names the period', expected: () => '30 days' }),
    judge({
      client: judgeClient,
      model: 'judge-model',
      criteria: ['Does it say how long a refund takes?'],
      name: 'helps',
    }),
  ],
  // Half of the calls, and every one that was slow: means are weighted, so that slow calls do not count for more.
  sample: { rate: 0.5, always: (call) => call.latencyMs > 20_000 },
  alarm: { targets: { 'names the period': 0.9 }, pageEvery: 10_000, warnEvery: 1_000 },
  onAlarm: ({ level, scorer, recent, drift }) =>
    console.log(
      `${level}: "${scorer}" is at ${recent.mean.toFixed(2)} in the last ${recent.n} evaluated calls;`,
      `length of answers moved by ${drift?.psi['outputLength']?.toFixed(2) ?? 'an unknown'} PSI`,
    ),
  judgeUsdPerDay: 5,
  feedback: {
    redact: (text) => text.replaceAll(/\b\d{6,}\b/g, '<order>'),
    onDraft: (draft) => void drafts.push(draft),
  },
})
const openai = sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch }), [watch])

let lastCallId = ''
onReport(({ id }) => void (lastCallId = id))

async function answer(content: string): Promise<string> {
  const { choices } = await openai.chat.completions.create({
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content }],
  })
  return choices[0]?.message.content ?? ''
}

// A quiet week …
for (let call = 0; call < 800; call += 1) await answer(`How long does a refund take? (${call})`)
await watch.idle()
for (const { scorer, mean, n } of watch.stats().scorers) console.log(`${scorer}: ${mean?.toFixed(3)} over ${n} calls`)

// … then a change of the prompt makes answers vague.
provider.on(/refund/i, 'That depends.')
for (let call = 0; call < 60; call += 1) await answer(`How long does a refund take? (again ${call})`)
await watch.idle()

// A customer says so, too, and a colleague what would have been right: a case for the suite.
await answer('Where is my refund for order 4711000815?')
watch.feedback({ callId: lastCallId, thumbs: 'down', correction: 'A refund takes 30 days.', by: 'support' })
console.log(drafts[0]?.input, '→', drafts[0]?.expected)

// What a Prometheus server would collect.
console.log(
  watch
    .prometheus()
    .split('\n')
    .filter((line) => /^eval_(score_mean|alarm|dropped_total)/.test(line))
    .join('\n'),
)
