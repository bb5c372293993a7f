import type OpenAI from 'openai'
import { isAnswer, prompt, structured, toolCall, wordCount } from '../answer.ts'
import { toolSchema } from '../clients/client.ts'
import type { Scenario } from '../scenario.ts'
import { within, type Trial } from '../trial.ts'
import { finding, judge } from '../verdict.ts'

const messages = [{ role: 'user' as const, content: prompt }]
const model = '503-always'
const fallback = 'claude-ok'

/** What came back, and whether it is what a healthy model of its own provider would have given. */
interface Saw {
  readonly isGood: boolean
  readonly detail: string
}

/** Each way to use the SDK. */
const ways: Readonly<Record<string, (openai: OpenAI) => Promise<Saw>>> = {
  async create(openai) {
    const { choices, model: named, usage } = await openai.chat.completions.create({ model, messages })
    const text = choices[0]?.message.content ?? ''
    const tokens = usage?.completion_tokens ?? 0
    return {
      isGood: isAnswer(text) && named === fallback && tokens > 0,
      detail: `${wordCount(text)} words, model ${named}, ${tokens} tokens`,
    }
  },
  async stream(openai) {
    let text = ''
    const stream = openai.chat.completions.stream({ model, messages }).on('content', (delta) => (text += delta))
    const { choices, model: named } = await stream.finalChatCompletion()
    const final = choices[0]?.message.content ?? ''
    return {
      isGood: isAnswer(text) && isAnswer(final) && named === fallback,
      detail: `${wordCount(text)} words streamed, ${wordCount(final)} in the end, model ${named}`,
    }
  },
  async parse(openai) {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' }, degrees: { type: 'integer' } },
      required: ['city', 'degrees'],
      additionalProperties: false,
    }
    const { choices } = await openai.chat.completions.parse({
      model,
      messages,
      response_format: { type: 'json_schema', json_schema: { name: 'weather', strict: true, schema } },
    })
    const parsed = JSON.stringify(choices[0]?.message.parsed)
    return { isGood: parsed === structured, detail: `parsed ${parsed}` }
  },
  runTools: (openai) => runTools(openai),
  runToolsStreamed: (openai) => runTools(openai, true),
}

async function runTools(openai: OpenAI, isStream: boolean = false): Promise<Saw> {
  const given: string[] = []
  const tool = {
    type: 'function' as const,
    function: {
      name: toolCall.name,
      description: 'Looks up the temperature of a city.',
      parameters: toolSchema,
      function: (input: string): string => {
        given.push(input)
        return '7'
      },
    },
  }
  const runner = isStream
    ? openai.chat.completions.runTools({ model, messages, tools: [tool], stream: true })
    : openai.chat.completions.runTools({ model, messages, tools: [tool] })
  const text = (await runner.finalContent()) ?? ''
  return {
    isGood: isAnswer(text) && given.length === 1 && given[0] === toolCall.arguments,
    detail: `tool run with ${given.join(' and ')}, then ${wordCount(text)} words`,
  }
}

/** E10: OpenAI is down, Anthropic answers, and the application notices nothing, whichever helper of the SDK it uses. */
export const acrossDialects: Scenario = {
  id: 'E10',
  title: 'failover OpenAI → Anthropic',
  lane: 'usual',
  async run(open) {
    const probe = await open()
    if (!probe.connected.acrossDialects)
      return { verdict: 'n/a', reason: 'it has no fallback across dialects as installed', findings: [] }
    const results = await Promise.all(
      Object.entries(ways).map(async ([name, way]) => {
        const trial = await open()
        return { name, trial, ...(await tried(trial, way)) }
      }),
    )
    const findings = results.flatMap(({ name, trial, outcome, detail }) => {
      const served = trial.seen(fallback)
      const isEvident = trial.seen(model).length > 0 && served.every(({ path }) => path.includes('/v1/messages'))
      return [
        finding(name, outcome === 'good', detail),
        finding(
          `${name}_by_the_other`,
          isEvident && served.length > 0,
          `${trial.seen(model).length} attempts at OpenAI, ${served.length} at Anthropic`,
        ),
      ]
    })
    const known = {
      hasHung: results.some(({ outcome }) => outcome === 'hang'),
      isWrongSuccess: results.some(({ outcome }) => outcome === 'other'),
      isRescued: results.every(({ outcome }) => outcome === 'good'),
      error: results.find(({ outcome }) => outcome === 'error')?.detail,
    }
    return { findings, ...judge(known, findings) }
  },
}

type Outcome = 'good' | 'other' | 'error' | 'hang'

async function tried(
  { connected }: Trial,
  way: (openai: OpenAI) => Promise<Saw>,
): Promise<{ outcome: Outcome; detail: string }> {
  const openai = connected.acrossDialects?.(model, fallback) as OpenAI
  const run = way(openai).then(
    ({ isGood, detail }) => ({ outcome: isGood ? ('good' as const) : ('other' as const), detail }),
    (error: unknown) => ({ outcome: 'error' as const, detail: String(error).slice(0, 300) }),
  )
  return (await within(run, 30_000)) ?? { outcome: 'hang', detail: 'no end within 30 s' }
}
