import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import type { FakeProvider } from './fake-provider.ts'

/** The real SDK clients before a fake provider, for this folder's own tests. */
export interface TestClients extends AsyncDisposable {
  readonly openai: OpenAI
  readonly anthropic: Anthropic
  readonly origin: string
}

/** The two ways to a provider. What one shows, the other must show too. */
export const transports: readonly { readonly name: string; open(provider: FakeProvider): Promise<TestClients> }[] = [
  {
    name: 'in memory',
    open: async (provider) => clients('http://provider.test', provider.fetch, async () => {}),
  },
  {
    name: 'over HTTP',
    async open(provider) {
      const server = await provider.listen()
      return clients(server.url, fetch, server.close)
    },
  },
]

/** Clients in memory, without retries. */
export function inMemory(provider: FakeProvider): TestClients {
  return clients('http://provider.test', provider.fetch, async () => {})
}

function clients(origin: string, fetch: typeof globalThis.fetch, close: () => Promise<void>): TestClients {
  return {
    openai: new OpenAI({
      apiKey: 'sk-test-0123456789',
      baseURL: `${origin}/v1`,
      fetch,
      maxRetries: 0,
      logLevel: 'off',
    }),
    anthropic: new Anthropic({
      apiKey: 'sk-ant-test-0123456789',
      baseURL: origin,
      fetch,
      maxRetries: 0,
      logLevel: 'off',
    }),
    origin,
    [Symbol.asyncDispose]: close,
  }
}
