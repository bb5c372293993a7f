// Guards on both ways: a redaction that is undone in a streamed answer, a block, a warning, a block in mid-stream. Offline.
//   node --conditions=@sluice/source examples/guards-streams.ts
import { sluice, sluiceErrorOf, withContext, withReport } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import { guards, pii, type Detector } from '@sluice/guards'
import OpenAI from 'openai'

const provider = fakeProvider()
  // A model that takes up what it was told, and writes it in its own way.
  .on(/write to/i, ({ lastUserText }) => {
    const [name = ''] = lastUserText.match(/EMAIL_\w+/) ?? []
    return { chunks: ['I have written to [', name.slice(0, 9), name.slice(9), '] (or: ', name.toUpperCase(), ').'] }
  })
  .on(/price/i, { chunks: ['The new ', 'model is ', 'called Pro', 'ject Heron', ' and costs', ' $9.'] })

/** Names that must not get out, and where on a stream one of them could still begin. */
function unreleased(names: readonly string[]): Detector {
  const longest = Math.max(...names.map(({ length }) => length))
  return {
    name: 'unreleased',
    actions: ['block'],
    check(text) {
      const spans = names.flatMap((name) => {
        const start = text.indexOf(name)
        return start < 0 ? [] : [{ start, end: start + name.length, rule: 'name', replacement: '[NAME]' }]
      })
      const action = spans.length > 0 ? 'block' : 'allow'
      return {
        action,
        score: spans.length > 0 ? 1 : 0,
        spans,
        rules: spans.map(({ rule }) => rule),
        explanation: 'a name',
      }
    },
    stream: {
      maxMatch: longest,
      couldGrow(tail) {
        const from = Math.max(0, tail.length - longest)
        for (let at = from; at < tail.length; at += 1)
          if (names.some((name) => name.startsWith(tail.slice(at)))) return at
        return tail.length
      },
    },
  }
}

const personal = pii({ restore: true, entities: ['email', 'iban', 'phone'] })
const openai = sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch }), [
  guards({
    input: [personal, pii({ mode: 'block', entities: ['card'] }), pii({ mode: 'warn', entities: ['ip'] })],
    output: [personal, unreleased(['Project Heron'])],
  }),
])

async function ask(content: string): Promise<void> {
  console.log(`\n> ${content}`)
  const shown: string[] = []
  const { report } = await withReport(async () => {
    try {
      const messages = [{ role: 'user' as const, content }]
      const stream = await openai.chat.completions.create({ model: 'gpt-5-mini', messages, stream: true })
      for await (const { choices } of stream) shown.push(choices[0]?.delta.content ?? '')
    } catch (error) {
      // Before the answer it is the SDK's own BadRequestError, inside of a stream the GuardBlockedError itself.
      const ours = sluiceErrorOf(error)
      console.log(`  ${ours?.code}: ${ours?.message}`, ours?.details['shownCharacters'] ?? '')
    }
  })
  console.log(`  ${shown.filter(Boolean).join('|')}`)
  // What was found, with masked previews and fingerprints; none of the text.
  for (const { action, reason = '', details } of report?.decisions ?? []) {
    const { rules, findings, sent, restored, held } = { ...details }
    console.log(`  ${action} ${reason}`, JSON.stringify({ rules, findings, sent, restored, held }))
  }
}

await withContext({ tenant: 'acme', session: 's1' }, async () => {
  await ask('Write to ada@example.com that her parcel is here.')
  console.log('  the model saw:', JSON.stringify(provider.lastCall?.body?.['messages']))
  await ask('Charge 4111 1111 1111 1111 for it.')
  await ask('What is at 203.0.113.7?')
  await ask('What is the price of the new one?')
})
