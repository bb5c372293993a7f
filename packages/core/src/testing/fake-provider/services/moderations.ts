import { isObject } from '../../../json.ts'
import { badRequest } from '../failure.ts'
import { bodyOf, json } from '../message.ts'
import { hexId } from '../model/random.ts'
import type { Route } from '../route.ts'

/** Words that flag a text, by category. A stand-in for a classifier: it finds these words and nothing else. */
const flagWords: Readonly<Record<string, RegExp | undefined>> = {
  harassment: /\b(idiot|moron|loser)\b/i,
  'harassment/threatening': /\bi will (hurt|find) you\b/i,
  hate: /\bi hate (all|these) people\b/i,
  'hate/threatening': undefined,
  illicit: /\b(counterfeit|stolen cards?)\b/i,
  'illicit/violent': /\bbuild a bomb\b/i,
  'self-harm': /\b(hurt|kill) myself\b/i,
  'self-harm/instructions': undefined,
  'self-harm/intent': /\bi want to (die|kill myself)\b/i,
  sexual: /\bporn/i,
  'sexual/minors': undefined,
  violence: /\b(kill|stab|shoot)\b/i,
  'violence/graphic': undefined,
}

/** OpenAI's moderations, by a short list of words. */
export const moderationRoutes: readonly Route[] = [
  {
    method: 'POST',
    pattern: /\/moderations$/,
    vendor: 'openai',
    async serve({ state, inbound, call, number }) {
      const body = await bodyOf(inbound)
      call.body = body
      const model = typeof body.model === 'string' ? body.model : 'omni-moderation-latest'
      call.model = model
      const id = `modr-${hexId(24, state.seed, 'moderation', number)}`
      return json(200, { id, model, results: textsOf(body.input).map(judge) })
    },
  },
]

function judge(text: string): object {
  const names = Object.keys(flagWords)
  const hits = new Set(names.filter((name) => flagWords[name]?.test(text)))
  const each = <T>(of: (name: string) => T): Record<string, T> =>
    Object.fromEntries(names.map((name) => [name, of(name)]))
  return {
    flagged: hits.size > 0,
    categories: each((name) => hits.has(name)),
    category_scores: each((name) => (hits.has(name) ? 0.93 : 0.0002)),
    category_applied_input_types: each(() => ['text']),
  }
}

/** One text for each result: a list of strings is judged one by one, a list of parts as a whole. */
function textsOf(input: unknown): string[] {
  if (typeof input === 'string') return [input]
  if (!Array.isArray(input) || input.length === 0) throw badRequest("'input' is a required property", 'input')
  if (input.every((item) => typeof item === 'string')) return input
  return [input.map((part: unknown) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('\n')]
}
