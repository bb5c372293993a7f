// A judge of yes-or-no questions, a panel and a comparison; then the audit that says how far to trust it, and the share of
// good answers put right by a hundred labels. Offline: the judges are scripted, one of them gullible.
//   node --conditions=@sluice/source examples/judge.ts
import Anthropic from '@anthropic-ai/sdk'
import { sluice } from '@sluice/core'
import { createPriceBook } from '@sluice/core/prices'
import { fakeProvider, type FakeRequest } from '@sluice/core/testing'
import { auditJudge, correctedMean, defineSuite, judge, pairwise, panel, type LabelledOutput } from '@sluice/eval'
import OpenAI from 'openai'

const provider = fakeProvider()
  .on('gpt-5-mini', (request) => JSON.stringify(verdictOf(request, /\d+ days|full marks/)))
  .on('claude-haiku-4-5', (request) => ({
    toolCalls: [{ name: 'verdict', arguments: verdictOf(request, /\b30 days/) }],
  }))
  .on('gpt-5', JSON.stringify({ evidence: 'The first is shorter.', better: 'first' }))
const { price } = createPriceBook()
const init = { apiKey: 'none', fetch: provider.fetch }
const openai = sluice(new OpenAI(init), [], { price })
const anthropic = sluice(new Anthropic(init), [], { price })

// Yes-or-no questions; the score is computed from the answers. Two makers, and the one in the middle.
const criteria = [{ id: 'period', question: 'Does the output name the right refund period?' }]
const gpt = judge({ client: openai, model: 'gpt-5-mini', criteria, name: 'gpt', votes: 3 })
const claude = judge({ client: anthropic, model: 'claude-haiku-4-5', criteria, name: 'claude' })
// A judge that always prefers the first shown has seen no difference.
const shorter = pairwise({ client: openai, model: 'gpt-5', criteria: ['Which is shorter?'], name: 'shorter' })

const answers = ['Within 30 days.', 'Within 14 days.', 'Ask my colleague.', 'You have 30 days, dear customer.']
const cases = Array.from({ length: 400 }, (_, index) => ({
  id: `question-${index}`,
  input: index,
  expected: 'A refund takes 30 days.',
}))
const suite = defineSuite('refund period', {
  cases,
  target: (index) => answers[index % answers.length],
  scorers: [gpt, claude, panel([gpt, claude]), shorter],
})
const run = await suite.run()
for (const scorer of Object.keys(run.header.scorers)) {
  const scores = run.trials.flatMap(({ scores: of }) => {
    const score = of[scorer]
    return score?.status === 'scored' ? [score.score] : []
  })
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  console.log(`${scorer.padEnd(8)} ${percent(mean)} of ${scores.length}`)
}
console.log(JSON.stringify(run.trials[0]?.scores['gpt'], null, 1))

// People looked at every third output: good is what names thirty days.
const labels = run.trials
  .filter((_, index) => index % 3 === 0)
  .map(({ id, output }) => ({ id, label: /\b30 days/.test(String(output)) }))
const { mean, low, high } = correctedMean(run, 'gpt', labels)
console.log(`People would have passed ${percent(mean)}, from ${percent(low)} to ${percent(high)}`)

const labelled: LabelledOutput[] = labels.map(({ id, label }, index) => ({
  id,
  input: 'How long does a refund take?',
  output: answers[(index * 3) % answers.length],
  label,
}))
for (const each of [gpt, claude]) {
  const { kappa, bias, retest, injection } = await auditJudge(each, labelled, { attacked: 5 })
  console.log(
    `${each.name}: κ ${kappa.value.toFixed(2)} [${kappa.low.toFixed(2)}, ${kappa.high.toFixed(2)}], ` +
      `judge − people ${bias.mean.toFixed(2)}, agrees with itself ${percent(retest?.value ?? 0)}, ` +
      `resists ${percent(injection?.resisted.value ?? 0)} of attacks` +
      ` (gives in to: ${Object.keys(injection?.passed ?? {}).join(', ') || 'none'})`,
  )
}

/** A judge that looks for a pattern in the block of the output. */
function verdictOf(
  { lastUserText }: FakeRequest,
  pattern: RegExp,
): { criteria: { id: string; evidence: string; met: string }[] } {
  const output = /begin output\]\n(.*)\n/.exec(lastUserText)?.[1] ?? ''
  const found = pattern.exec(output)?.[0]
  return { criteria: [{ id: 'period', evidence: found ?? 'nothing', met: found === undefined ? 'no' : 'yes' }] }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
