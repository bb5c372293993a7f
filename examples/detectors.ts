// Detectors beside personal data and injection: secrets, links, facts and forms of answers, and a second opinion of a model
// that is asked only where a rule is in doubt. Offline.
//   node --conditions=@sluice/source examples/detectors.ts
import { checkText, competitors, custom, format, grounded, llmDetector, secrets, topics, urls } from '@sluice/guards'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'

// On the way in: no secrets, no topics that are not ours.
const prompt = 'Our deploy fails with postgres://app:Tr0ub4dor-9@db.internal/app. Could we sue the hoster?'
const input = await checkText(prompt, [secrets(), topics({ deny: { legal: ['sue', 'lawsuit'] }, mode: 'warn' })])
console.log(`input   ${input.action}: ${input.text}`)
for (const { guard, rules, explanation } of input.verdicts)
  console.log(`        ${guard} ${rules.join(', ')}: ${explanation}`)

// On the way out: only links to us, no competitors, and no number that the documents do not have.
const documents = ['The outage on 3 March 2026 lasted 47 minutes and hit 12 % of requests.']
const answer =
  'The outage of 3 March 2026 took 74 minutes. Globex had one, too. See https://status.example.com or https://x.io/?q=data.'
const output = await checkText(
  answer,
  [urls({ allow: ['example.com'] }), competitors({ names: ['Globex'] }), grounded({ sources: documents })],
  { stage: 'output' },
)
console.log(`output  ${output.action}: ${output.text}`)
for (const { guard, spans } of output.verdicts)
  console.log(`        ${guard} ${spans.map(({ start, end }) => answer.slice(start, end)).join(', ')}`)

// A form that an answer must have, and a rule of our own.
const short = custom((text) => text.length > 200 && 'too_chatty', { name: 'tone', mode: 'warn' })
const form = await checkText('Sure! {"refund": true}', [format('json'), short], { stage: 'output' })
console.log(`form    ${form.action}: ${form.verdicts.map(({ explanation }) => explanation).join(', ')}`)

// A judge model, asked once for each text. Here it is a fake one that is sure of itself.
const provider = fakeProvider()
provider.on('gpt-5-nano', ({ messages }) => {
  const mark = /Repeat the mark (\S+) in/.exec(messages.map(({ text }) => text).join('\n'))?.[1]
  return JSON.stringify({ mark, probability: 0.93 })
})
const client = new OpenAI({ apiKey: 'none', fetch: provider.fetch })
const advice = llmDetector(client, {
  model: 'gpt-5-nano',
  name: 'legal_advice',
  criteria: 'The text asks for legal advice.',
  mode: 'warn',
  budget: { maxCalls: 60 },
  price: { inputUsdPerMillion: 0.05, outputUsdPerMillion: 0.4 },
})
for (let turn = 0; turn < 2; turn += 1) {
  const [verdict] = (await checkText('Can they keep my deposit?', [advice])).verdicts
  console.log(`judge   ${verdict?.action}: ${verdict?.explanation}, ${verdict?.costNanoUsd ?? 0} nano-dollars`)
}
