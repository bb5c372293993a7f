// A wrapped OpenAI client is still an OpenAI client. Offline unless OPENAI_API_KEY is set.
//   node --conditions=@sluice/source examples/quickstart.ts
import { sluice, withReport, type Middleware } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'

// A middleware is one function around the call.
const logging: Middleware = async (call, next) => {
  const startedAtMs = performance.now()
  const reply = await next(call)
  console.log(
    `${call.api.model(call.request)} answered HTTP ${reply.status} in ${(performance.now() - startedAtMs).toFixed(0)} ms`,
  )
  return reply
}

const bare = process.env['OPENAI_API_KEY'] ? new OpenAI() : new OpenAI({ apiKey: 'none', fetch: fakeProvider().fetch })
const openai = sluice(bare, [logging])

const { value, report } = await withReport(() =>
  openai.chat.completions.create({
    model: 'gpt-5-mini',
    messages: [{ role: 'user', content: 'How long does it take for a new card to arrive?' }],
  }),
)

console.log(value.choices[0]?.message.content)
console.log(
  `${report?.usage?.fresh} tokens in, ${report?.usage?.output} out, ${report?.attempts.length} request on the wire`,
)
