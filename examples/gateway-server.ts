// An OpenAI-compatible gateway: sluiceFetch mounted in node:http. Calls itself with the OpenAI client and ends. Offline
// unless OPENAI_API_KEY is set.
//   node --conditions=@sluice/source examples/gateway-server.ts
import { cache } from '@sluice/cache'
import { sluiceFetch } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import { guards, pii } from '@sluice/guards'
import { retry } from '@sluice/router'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import OpenAI from 'openai'

const apiKey = process.env['OPENAI_API_KEY']
const provider = fakeProvider()
const gateway = sluiceFetch(
  [guards({ input: [pii()] }), cache({ ttlMs: 60_000, tenant: 'shared' }), retry()],
  apiKey ? {} : { fetch: provider.fetch },
)

/** The gateway itself: a Request in, a Response out. What is left is node:http. */
async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController()
  outgoing.on('close', () => gone.abort())
  const { method = 'GET', url = '/', headers } = incoming
  const init = {
    method,
    signal: gone.signal,
    headers: { 'content-type': headers['content-type'] ?? '', authorization: `Bearer ${apiKey ?? 'none'}` },
  }
  const body = method === 'GET' ? {} : { body: Readable.toWeb(incoming), duplex: 'half' }
  const response = await gateway(
    new Request(new URL(url, 'https://api.openai.com'), { ...init, ...body } as RequestInit),
  )
  for (const [name, value] of response.headers)
    if (!/^(content-(encoding|length)|transfer-encoding)$/.test(name)) outgoing.setHeader(name, value)
  outgoing.writeHead(response.status)
  await (response.body ? pipeline(Readable.fromWeb(response.body as never), outgoing) : outgoing.end())
}

const server = createServer((incoming, outgoing) => void serve(incoming, outgoing).catch(() => outgoing.destroy()))
await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`

// Any OpenAI client in any language can use it. This one is bare: no Sluice in it.
const openai = new OpenAI({ apiKey: 'clients-need-no-key', baseURL })
const messages = [{ role: 'user' as const, content: 'I am ada@example.com. How do I get a refund?' }]
for (const round of ['first', 'second']) {
  const { data: stream, response } = await openai.chat.completions
    .create({ model: 'gpt-5-mini', stream: true, messages })
    .withResponse()
  let answer = ''
  for await (const chunk of stream) answer += chunk.choices[0]?.delta.content ?? ''
  console.log(`${round}: ${response.headers.get('x-sluice-cache') ?? 'asked the provider'}: ${answer.slice(0, 70)}…`)
}
if (provider.lastCall) console.log(`the provider saw: ${JSON.stringify(provider.lastCall.body?.['messages'])}`)
server.close()
server.closeAllConnections()
