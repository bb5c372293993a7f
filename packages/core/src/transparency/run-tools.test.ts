import type OpenAI from 'openai'
import { openaiCases, type OpenAiSdk } from './clients.ts'
import { itIsTransparent, type Behaviours } from './compare.ts'
import { recordEvents, thrownBy } from './recording.ts'

const chat = { model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: 'How is the weather?' }] }
const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const events = [
  'connect',
  'chunk',
  'content',
  'message',
  'chatCompletion',
  'functionToolCall',
  'functionToolCallResult',
  'finalFunctionToolCall',
  'finalFunctionToolCallResult',
  'finalContent',
  'finalMessage',
  'finalChatCompletion',
  'totalUsage',
  'abort',
  'error',
  'end',
]
const ask = (city: string): { name: string; arguments: { city: string } } => ({ name: 'weather', arguments: { city } })

interface Runner {
  finalContent(): Promise<string | null>
  finalChatCompletion(): Promise<unknown>
  totalUsage(): Promise<unknown>
  readonly messages: unknown[]
}

function tools(asked: string[]) {
  return [
    {
      type: 'function' as const,
      function: {
        name: 'weather',
        description: 'The weather in a city.',
        parameters: city,
        parse: (text: string) => JSON.parse(text) as { city: string },
        function: async (input: object) => {
          const { city } = input as { city: string }
          asked.push(city)
          if (city === 'Atlantis') throw new Error('There is no such city.')
          return `${city}: rain`
        },
      },
    },
  ]
}

async function outcome(runner: Runner, asked: string[]): Promise<unknown> {
  const log = recordEvents(runner, events)
  const content = await runner.finalContent().catch((error: unknown) => error)
  if (content instanceof Error) return { error: content, messages: runner.messages, asked, log }
  return {
    content,
    completion: await runner.finalChatCompletion(),
    usage: await runner.totalUsage(),
    messages: runner.messages,
    asked,
    log,
  }
}

const answers = {
  'one call': [{ toolCalls: [ask('Oslo')] }, 'It rains in Oslo.'],
  'parallel calls': [{ toolCalls: [ask('Oslo'), ask('Rome'), ask('Lima')] }, 'It rains everywhere.'],
  'two rounds': [{ toolCalls: [ask('Oslo')] }, { text: 'And now', toolCalls: [ask('Rome')] }, 'Both are wet.'],
  'a tool that throws': [{ toolCalls: [ask('Atlantis'), ask('Oslo')] }, 'One of them exists.'],
  'arguments that are no JSON': [{ toolCalls: [{ name: 'weather', arguments: '{"city":' }] }, 'Sorry.'],
  'a tool that nobody offered': [{ toolCalls: [{ name: 'tides', arguments: {} }] }, 'Sorry.'],
} as const

const behaviours: Behaviours<OpenAI, OpenAiSdk> = {}
const rows = behaviours as Record<string, Behaviours<OpenAI, OpenAiSdk>[string]>
for (const [name, replies] of Object.entries(answers)) {
  rows[`runTools, ${name}`] = (client, { provider }) => {
    provider.enqueue(...replies)
    const asked: string[] = []
    return outcome(client.chat.completions.runTools({ ...chat, tools: tools(asked) }) as Runner, asked)
  }
  rows[`runTools, streamed, ${name}`] = (client, { provider }) => {
    provider.enqueue(...replies)
    const asked: string[] = []
    return outcome(client.chat.completions.runTools({ ...chat, stream: true, tools: tools(asked) }) as Runner, asked)
  }
}
rows['runTools aborted by a tool'] = async (client, { provider }) => {
  provider.enqueue({ toolCalls: [ask('Oslo')] }, 'never')
  const asked: string[] = []
  const caller = new AbortController()
  const [weather] = tools(asked)
  const stopping = { ...weather, function: { ...weather?.function, function: async () => caller.abort() } } as never
  const runner = client.chat.completions.runTools({ ...chat, tools: [stopping] }, { signal: caller.signal })
  const log = recordEvents(runner, events)
  return { error: await thrownBy(() => runner.done()), log, queued: provider.queued }
}
rows['runTools refused in its second round'] = async (client, { provider }) => {
  provider.enqueue({ toolCalls: [ask('Oslo')] }, { fault: 'unauthorized' })
  const runner = client.chat.completions.runTools({ ...chat, tools: tools([]) })
  const log = recordEvents(runner, events)
  return { error: await thrownBy(() => runner.done()), log }
}

itIsTransparent(openaiCases, ['in memory', 'over HTTP'], behaviours)
