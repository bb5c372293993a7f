// The same middleware under Anthropic's client: guards and retries know no provider. Offline unless ANTHROPIC_API_KEY is set.
//   node --conditions=@sluice/source examples/anthropic.ts
import Anthropic from '@anthropic-ai/sdk'
import { sluice, withReport } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import { guards, pii } from '@sluice/guards'
import { retry } from '@sluice/router'

// The provider is overloaded at first, as the real one is at times.
const provider = fakeProvider().fail('http-529', { times: 1 })
const bare = process.env['ANTHROPIC_API_KEY']
  ? new Anthropic()
  : new Anthropic({ apiKey: 'none', fetch: provider.fetch })
const anthropic = sluice(bare, [guards({ input: [pii()] }), retry({ initialDelayMs: 50 })])

const { value: message, settled } = await withReport(() =>
  anthropic.messages
    .stream({
      model: 'claude-haiku-4-5',
      max_tokens: 200,
      messages: [
        { role: 'user', content: 'I am ada@example.com. Did my payment from DE89 3704 0044 0532 0130 00 arrive?' },
      ],
    })
    .on('text', (text) => process.stdout.write(text))
    .finalMessage(),
)

console.log(`\n\nended with ${message.stop_reason} after ${message.usage.output_tokens} tokens; on the way:`)
for (const { by, action, reason, details } of (await settled)[0]?.decisions ?? [])
  console.log(`  ${by}: ${action} ${reason} ${JSON.stringify(details)}`)
if (provider.lastCall) console.log(`the provider saw: ${JSON.stringify(provider.lastCall.body?.['messages'])}`)
