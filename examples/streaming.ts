// A middleware that rewrites streamed answers as they pass, in whatever dialect they come. Offline.
//   node --conditions=@sluice/source examples/streaming.ts
import { sluice, streamReply, type Api, type ApiId, type EventOf, type Middleware } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'

/** Puts visible text in capitals; tool arguments, reasoning and refusals stay as they are. */
async function* shouted<A extends ApiId>(api: Api<A>, events: AsyncIterable<EventOf<A>>): AsyncGenerator<EventOf<A>> {
  for await (const event of events)
    yield api.mapDelta(event, ({ channel, text }) => (channel === 'text' ? text.toUpperCase() : text))
}

const shouting: Middleware = async (call, next) => {
  const reply = await next(call)
  return reply.kind === 'stream' ? streamReply(reply.api, shouted(reply.api, reply.events()), reply) : reply
}

const provider = fakeProvider().on(/card/, { chunks: ['Cards take ', 'five to ', 'seven ', 'days.'] })
const openai = sluice(new OpenAI({ apiKey: 'none', fetch: provider.fetch }), [shouting])
const model = 'gpt-5-mini'

const stream = await openai.chat.completions.create({
  model,
  stream: true,
  messages: [{ role: 'user', content: 'When does my card come?' }],
})
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '')

// The helpers above the wire see the rewritten stream too, and so does every other API.
const completion = await openai.chat.completions
  .stream({ model, messages: [{ role: 'user', content: 'My card?' }] })
  .finalChatCompletion()
const response = await openai.responses.stream({ model, input: 'And the card?' }).finalResponse()
console.log(`\n${completion.choices[0]?.message.content}\n${response.output_text}`)
