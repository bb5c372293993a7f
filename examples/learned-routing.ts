// Which model for which question, learned from outcomes that were scored once. Offline.
//   node --conditions=@sluice/source examples/learned-routing.ts
import { sluice } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import { createRouter, evaluateRouting, learned, learnRouting, router, routingReport } from '@sluice/router'
import OpenAI from 'openai'

// 600 questions that both models answered and somebody scored: how often the small one is right depends on the subject.
// Yours come from your own logs, with what a grader or a customer made of the answers.
const kinds = [
  ['card', 'When will my new card arrive by post?', 0.93],
  ['pin', 'How do I change the PIN of my card?', 0.95],
  ['fees', 'Why was a fee of 12.40 taken when I paid abroad in another currency?', 0.35],
  ['dispute', 'I dispute a payment that I made twice, what are the deadlines and what do I have to send?', 0.3],
] as const
let seed = 2026
const draw = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
const outcomes = Array.from({ length: 600 }, (_, index) => {
  const [label, question, small] = kinds[index % kinds.length] as (typeof kinds)[number]
  return {
    id: `question-${index}`,
    prompt: `${question} My reference is ${1000 + index}.`,
    label,
    models: {
      'gpt-5-nano': { score: draw() < small ? 1 : 0, costUsd: 0.0001 },
      'gpt-5': { score: draw() < 0.96 ? 1 : 0, costUsd: 0.004 },
    },
  }
})

// Trained in process; what it is worth is measured on questions that it was not trained on.
const [seen, unseen] = [outcomes.slice(0, 400), outcomes.slice(400)]
const model = learnRouting(seen)
const { apgr, cpt80 } = evaluateRouting(unseen, model)
console.log(
  `APGR ${apgr?.toFixed(2)} (random: 0.50); 80 % of the gain with ${((cpt80 ?? 1) * 100).toFixed(0)} % of strong calls`,
)
console.log(routingReport(outcomes).toText())

// The model is plain JSON, to be kept with your configuration; a router decides by it in some tens of microseconds.
const routes = createRouter({ targets: ['gpt-5-nano', 'gpt-5'], strategy: learned(model) })
const openai = sluice(new OpenAI({ apiKey: 'none', fetch: fakeProvider().fetch }), [router(routes)])
for (const [, question] of kinds) {
  const answer = await openai.chat.completions.create({
    model: 'auto',
    messages: [{ role: 'user', content: question }],
  })
  console.log(`${answer.model}: ${question}`)
}
