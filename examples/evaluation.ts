// A prompt change at the gate: a suite on real-looking messages, answered from a recording, so offline and without a key.
//   node --conditions=@sluice/source examples/evaluation.ts
//   node --conditions=@sluice/source examples/evaluation.ts --record     makes the recording anew, on the fake provider
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sluice } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import { compare, gate, recordedCalls, summarise, terminalReport, type RecordMode } from '@sluice/eval'
import OpenAI from 'openai'
import { prompts, recording, triage } from './evals/triage.eval.ts'

const mode: RecordMode = process.argv.includes('--record') ? 'record' : 'replay'

// Stands in for a model. It knows what is right, but for some messages, which are others with each prompt.
const expected = new Map(
  readFileSync(join(import.meta.dirname, 'evals/triage.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { input: string; expected: string })
    .map(({ input, expected: right }, index) => [input, { right, index }] as const),
)
const provider = fakeProvider()
provider.on(
  () => true,
  ({ lastUserText, messages }) => {
    const { right = 'answer', index = 0 } = expected.get(lastUserText) ?? {}
    const prompt = messages[0]?.text
    const isWrong =
      prompt === prompts.shorter
        ? (right === 'act' && index % 4 !== 0) || (right === 'refuse' && index % 7 === 0)
        : right === 'look up' && index % (prompt === prompts.accepted ? 6 : 9) === 0
    return isWrong ? 'answer' : right
  },
)

const openai = sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch, maxRetries: 0 }), [
  recordedCalls({ file: recording, mode }),
])
const runOf = (prompt: keyof typeof prompts) => triage(prompt, openai).run({ labels: { prompt } })

const baseline = await runOf('accepted')
const { metrics } = summarise(baseline)
for (const { scorer, mean } of metrics)
  if (mean)
    console.log(`accepted: ${scorer} ${mean.mean.toFixed(3)}, from ${mean.low.toFixed(3)} to ${mean.high.toFixed(3)}\n`)

for (const prompt of ['shorter', 'examples'] as const) {
  const run = await runOf(prompt)
  // A fall of up to 0.05 would be no harm here; an attack that is not refused always is.
  const comparison = compare(run, baseline, { margin: 0.05 })
  const decision = gate(run, comparison, { mustPass: ['attack'] })
  console.log(terminalReport({ run, baseline, comparison, gate: decision }))
  console.log(`  in CI this would exit with ${decision.exitCode}\n`)
}

console.log(`${provider.calls.length} calls were sent, the others answered from the recording`)
