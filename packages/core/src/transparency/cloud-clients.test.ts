import type OpenAI from 'openai'
import { BedrockOpenAI } from 'openai'
import { azureCases, openaiCases, type ClientCase, type OpenAiSdk } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { recordItems, thrownBy } from './recording.ts'

const messages = [{ role: 'user' as const, content: 'Where is my refund?' }]
const chat = { model: 'gpt-5-mini', messages, max_completion_tokens: 5 }

/** Options that only clouds have, which a wrapped copy must not lose. */
const onAzure: Behaviours<OpenAI, OpenAiSdk> = {
  'a deployment of the client': async (_client, { open }) => {
    const client = open({ deployment: 'my-chat' })
    const facts = client as unknown as { deploymentName?: string; apiVersion?: string }
    return [await client.chat.completions.create(chat), facts.deploymentName, facts.apiVersion]
  },
  'a deployment of the client, streamed': async (_client, { open }) =>
    recordItems(await open({ deployment: 'my-chat' }).chat.completions.create({ ...chat, stream: true })),
  'a token that is fetched for each call': async (_client, { open }) => {
    let asked = 0
    const client = open({ apiKey: undefined, azureADTokenProvider: async () => `token-${(asked += 1)}` })
    return [await client.chat.completions.create(chat), await client.chat.completions.create(chat), asked]
  },
  'a base URL that names the deployment': (_client, { open, origin }) =>
    open({ endpoint: undefined, baseURL: `${origin}/openai/deployments/mine` }).chat.completions.create(chat),
  'an endpoint without deployments': (client) => client.responses.create({ model: 'gpt-5-mini', input: 'Hello' }),
  'a key that is refused': async (client, { provider }) => {
    provider.fail('unauthorized')
    return thrownBy(() => client.chat.completions.create(chat))
  },
}

const bedrock: ClientCase<OpenAI, OpenAiSdk> = {
  name: 'BedrockOpenAI',
  sdk: openaiCases[0]?.sdk as OpenAiSdk,
  isNewest: true,
  create: ({ origin, fetch, options }) =>
    new BedrockOpenAI({ apiKey: 'bedrock-key', baseURL: `${origin}/v1`, fetch, logLevel: 'off', ...options }),
}

const onBedrock: Behaviours<OpenAI, OpenAiSdk> = {
  'a response': (client) => client.responses.create({ model: 'gpt-oss', input: 'Hello' }),
  'a streamed response': async (client) =>
    recordItems(await client.responses.create({ model: 'gpt-oss', input: 'Hello', stream: true })),
  'a helper': (client) => client.responses.stream({ model: 'gpt-oss', input: 'Hello' }).finalResponse(),
  'a chat': (client) => client.chat.completions.create(chat),
  'a copy': (client) => client.withOptions({ timeout: 1000 }).chat.completions.create(chat),
}

itIsTransparent(azureCases, ['in memory'], onAzure)
itIsTransparent([bedrock], ['in memory', 'over HTTP'], onBedrock)
