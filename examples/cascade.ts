// A cheap model first, a dear one where the cheap answer does not do; and what that is worth, measured. Offline.
//   node --conditions=@sluice/source examples/cascade.ts
import { sluice, withReport } from '@sluice/core'
import { createPriceBook } from '@sluice/core/prices'
import { fakeProvider } from '@sluice/core/testing'
import { clientTransport } from '@sluice/core/transport'
import { agreement, all, calibrate, cascade, createCascade, format, recordCases } from '@sluice/router'
import OpenAI from 'openai'
import { z } from 'zod'

// Models that add up invoices. The small ones are sometimes wrong, each in another way, and one chats now and then.
const failShare: Record<string, number> = { 'gpt-5-nano': 0.2, 'gpt-4.1-nano': 0.15, 'gpt-4o-mini': 0.1, 'gpt-5': 0.01 }
const provider = fakeProvider()
provider.on(
  () => true,
  ({ model, lastUserText }) => {
    const draw = drawOf(`${model} ${lastUserText}`)
    const total = totalOf(lastUserText)
    if (draw >= (failShare[model] ?? 0)) return JSON.stringify({ total })
    return draw < 0.05 ? `That should be ${total} euros.` : JSON.stringify({ total: total + Math.ceil(draw * 100) })
  },
)
const client = new OpenAI({ apiKey: 'none', fetch: provider.fetch })

// Two estimators: the answer is JSON of the right shape, and two other cheap models come to the same total.
const invoice = z.object({ total: z.number() })
const options = {
  steps: ['gpt-5-nano', 'gpt-5'],
  accept: all(format(invoice), agreement({ of: ['gpt-4.1-nano', 'gpt-4o-mini'], paths: ['total'] })),
  price: createPriceBook().price,
}

// What it is worth: every step is asked the same 200 questions, and the answers are graded. The cases are plain JSON; keep
// them, because they were paid for.
const plan = createCascade(options)
const questions = Array.from({ length: 200 }, (_, index) => questionOf(index))
const { cases } = await recordCases(
  plan,
  questions.map((content, index) => ({
    id: `invoice-${index}`,
    request: { model: 'auto', messages: [{ role: 'user', content }] },
    grade: ({ text }) => text === JSON.stringify({ total: totalOf(content) }),
  })),
  { next: clientTransport(client), concurrency: 16 },
)
// The threshold is picked on one half of them, for answers of which 90 % are right; the other half says what it does.
const { thresholds, isAssured, heldOut } = await calibrate(plan, cases, { floor: 0.9 })
const assured = isAssured ? 'which keeps 90 %' : 'which may not keep 90 %'
console.log(`Accepted from a score of ${thresholds[0]}, ${assured}; on ${heldOut.cases} other cases, judges included:`)
for (const { id, quality, costNanoUsd } of heldOut.singles) print(`always ${id}`, quality, costNanoUsd)
print('cascade', heldOut.quality, heldOut.costNanoUsd)
console.log(`  ${percent(heldOut.escalated)} of them were sent on to the dear model`)

// The application: the same call as ever, with a question that the cheap model can answer and one that it cannot. The
// report says who was asked, why the answer was taken or not, and the price.
const openai = sluice(client, [cascade({ ...options, thresholds })])
const wrong = cases.findIndex(({ steps }) => steps[0]?.quality === 0)
for (const content of [questions[0] ?? '', questions[wrong] ?? '']) {
  const ask = () => openai.chat.completions.create({ model: 'auto', messages: [{ role: 'user', content }] })
  const { value, report } = await withReport(ask)
  console.log(`\n${content} ${value.model}: ${value.choices[0]?.message.content}`)
  for (const { reason, target, outcome } of report?.attempts ?? []) console.log(`  ${reason}: ${target} ${outcome}`)
  for (const { action, reason, details } of report?.decisions ?? [])
    console.log(`  ${action} (${reason}) ${JSON.stringify(details)}`)
}

function questionOf(index: number): string {
  const amounts = [1, 2, 3].map((part) => Math.ceil(drawOf(`amount ${index} ${part}`) * 90))
  return `Invoice ${index}: what is ${amounts.join(' + ')}?`
}

function totalOf(question: string): number {
  return (question.match(/\d+(?= [+]|\?)/g) ?? []).reduce((sum, amount) => sum + Number(amount), 0)
}

/** A number 0 ≤ x < 1, the same for the same text. */
function drawOf(text: string): number {
  let hash = 2_166_136_261
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619)
  return ((Math.imul(hash ^ (hash >>> 15), 2_246_822_519) ^ (hash >>> 13)) >>> 0) / 2 ** 32
}

function print(name: string, quality: number, costNanoUsd: number): void {
  console.log(
    `  ${name.padEnd(18)} right ${percent(quality).padStart(7)}   $${(costNanoUsd / 1e6).toFixed(4)} a thousand`,
  )
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
