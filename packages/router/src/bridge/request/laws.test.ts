import type { ApiId, JsonObject } from '@sluice/core'
import { fakeProvider } from '@sluice/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Loss } from '../lossy.ts'
import { arbitraryChat } from './fixtures/arbitrary-chat.ts'
import { arbitraryMessages } from './fixtures/arbitrary-messages.ts'
import { arbitraryResponses } from './fixtures/arbitrary-responses.ts'
import { essenceOfChat, essenceOfMessages, essenceOfResponses, type Essence } from './fixtures/essence.ts'
import { frozen, isCarried, isNamed, leavesOf, unknownField, without, withUnknownFields } from './fixtures/leaves.ts'
import { violations } from './fixtures/rules.ts'
import { translateRequest, type TranslatedRequest, type TranslateRequestOptions } from './translate.ts'

const dialects = {
  'openai.chat': { requests: arbitraryChat, essence: essenceOfChat, path: '/v1/chat/completions' },
  'openai.responses': { requests: arbitraryResponses, essence: essenceOfResponses, path: '/v1/responses' },
  'anthropic.messages': { requests: arbitraryMessages, essence: essenceOfMessages, path: '/v1/messages' },
} as const
type Dialect = keyof typeof dialects

const ids = Object.keys(dialects) as Dialect[]
const pairs = ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => ({ from, to })))

/** Models whose traits differ most. */
const models: readonly string[] = [
  'model-x',
  'claude-sonnet-4-5',
  'claude-opus-5',
  'claude-3-opus',
  'gpt-4o',
  'gpt-5-mini',
  'o3',
]

function translate(
  from: ApiId,
  to: ApiId,
  request: unknown,
  options?: TranslateRequestOptions,
): TranslatedRequest<ApiId> {
  return translateRequest(from, to, request as never, options)
}

describe.each(pairs)('$from to $to', ({ from, to }) => {
  const { requests } = dialects[from]
  const anyRequest = requests as fc.Arbitrary<unknown>

  it('names every place that it does not carry, whatever the model', () => {
    fc.assert(
      fc.property(anyRequest, fc.constantFrom(...models), (original, model) => {
        const { request, lossy } = translate(from, to, frozen(original), { model })
        const lost = leavesOf({ ...(original as object), model }).filter(
          (leaf) => !isNamed(leaf.path, lossy) && !isCarried(leaf, request),
        )
        expect(lost).toEqual([])
      }),
    )
  })

  it('names every field that it does not know', () => {
    fc.assert(
      fc.property(anyRequest, (original) => {
        const strange = frozen(withUnknownFields(original))
        const { request, lossy } = translate(from, to, strange)
        const dropped = lossy.filter(({ changed }) => !changed)
        const unnamed = leavesOf(strange).filter(({ path }) => path.at(-1) === unknownField && !isNamed(path, dropped))
        expect(unnamed).toEqual([])
        expect(JSON.stringify(request)).not.toContain(unknownField)
      }),
    )
  })

  it('brings back what it does not name', () => {
    fc.assert(
      fc.property(anyRequest, (original) => {
        const there = translate(from, to, frozen(original))
        const back = translate(to, from, frozen(there.request))
        const { essence } = dialects[from]
        const kept = essence(without(original, there.lossy) as JsonObject)
        const came = essence(back.request as JsonObject)
        const moved = [...there.lossy, ...back.lossy].filter(
          ({ changed, path }) => changed && /^(?:messages|input|instructions|system)\b/.test(path),
        )
        const said = (of: Essence): readonly string[] => (moved.length > 0 ? words(of) : of.said)
        expect(said(came).filter((one) => one !== 'user text …')).toEqual(said(kept))
        const isSame = unchanged([...there.lossy.filter((loss) => loss.changed), ...back.lossy])
        if (isSame('tools')) expect(came.tools).toEqual(kept.tools)
        for (const [name, value] of Object.entries(kept.settings))
          if (isSame(name)) expect({ [name]: came.settings[name] }).toEqual({ [name]: value })
        // Anthropic must have a limit of the answer, and always keeps to a schema.
        const added = new Set(to === 'anthropic.messages' ? ['maxTokens', 'strict'] : [])
        expect(
          Object.keys(came.settings).filter((name) => !(name in kept.settings) && !added.has(name) && isSame(name)),
        ).toEqual([])
        const isBroken = there.lossy.some(({ fatal }) => fatal)
        expect(
          back.lossy.filter((loss) => !loss.changed && !oneWay.has(loss.path) && !(isBroken && loss.fatal)),
        ).toEqual([])
      }),
    )
  })

  it('keeps to the rules of the provider', () => {
    fc.assert(
      fc.property(anyRequest, fc.constantFrom(...models), (original, model) => {
        const { request } = translate(from, to, original, { model })
        expect(violations(to, request as JsonObject)).toEqual([])
      }),
    )
  })

  it('is taken by the provider', async () => {
    const provider = fakeProvider()
    await fc.assert(
      fc.asyncProperty(anyRequest, async (original) => {
        const { request } = translate(from, to, original)
        const response = await provider.fetch(`http://provider.test${dialects[to].path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request),
        })
        const body = await response.text()
        expect(response.status, body).toBe(200)
      }),
      { numRuns: 60 },
    )
  })
})

/**
 * What may go one way only: answers that are fetched later are of Responses alone, and Claude, which may have an effort
 * without thinking, comes back thinking and then takes no sampling, or not thinking because it must call a tool.
 */
const oneWay = new Set(['store', 'temperature', 'top_p', 'reasoning.summary'])

/** The settings that a field spells, by the first name of its path. */
const spelled: { readonly [field: string]: readonly string[] } = {
  temperature: ['temperature'],
  top_p: ['top_p'],
  tools: ['tools', 'choice'],
  tool_choice: ['choice'],
  reasoning_effort: ['effort'],
  reasoning: ['effort', 'summary', 'display'],
  thinking: ['effort', 'display'],
  output_config: ['effort'],
}

function unchanged(lossy: readonly Loss[]): (setting: string) => boolean {
  const changed = lossy.flatMap(({ path }) => spelled[path.split(/[.[]/)[0] ?? ''] ?? [])
  return (setting) => !changed.includes(setting)
}

/** The words alone, for a conversation that could not keep its order or its kinds of parts. */
function words({ said }: Essence): string[] {
  return said.flatMap((one) => one.replaceAll('\\n', ' ').match(/[a-z]{10}/g) ?? []).toSorted()
}
