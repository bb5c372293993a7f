import type { Api, ApiId, JsonObject } from '@sluice/core'
import { anthropicMessages, openaiChat, openaiCompletions, openaiEmbeddings, openaiResponses } from '@sluice/core/apis'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyMaker } from './key-maker.ts'
import { ignoredFields, type CacheQuery, type CacheTenant } from './query.ts'

const schema = {
  type: 'object',
  properties: { city: { type: 'string', enum: ['Bern', 'Basel'] } },
  required: ['city'],
  additionalProperties: false,
}
const image = (bytes: string): string => `data:image/png;base64,${bytes}`

/** A request of each dialect with about everything in it that there is. */
const requests: { readonly api: Api<never>; readonly request: JsonObject }[] = [
  {
    api: openaiChat as unknown as Api<never>,
    request: {
      model: 'gpt-5-mini',
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: image('iVBORw0KGgo='), detail: 'low' } },
            { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
            { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: '21 °C' },
        { role: 'user', content: 'And tomorrow?' },
      ],
      tools: [{ type: 'function', function: { name: 'weather', description: 'Weather', parameters: schema } }],
      tool_choice: { type: 'function', function: { name: 'weather' } },
      response_format: { type: 'json_schema', json_schema: { name: 'a', strict: true, schema } },
      temperature: 0,
      top_p: 0.9,
      seed: 7,
      max_completion_tokens: 200,
      logit_bias: { '50256': -100 },
      stop: ['END', '\n\n'],
      reasoning_effort: 'low',
      parallel_tool_calls: false,
      logprobs: true,
      n: 2,
      service_tier: 'flex',
    },
  },
  {
    api: openaiResponses as unknown as Api<never>,
    request: {
      model: 'gpt-5-mini',
      instructions: 'Be brief.',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is this?' },
            { type: 'input_image', image_url: image('iVBORw0KGgo='), detail: 'auto' },
          ],
        },
        { type: 'function_call', call_id: 'c1', name: 'weather', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: '21 °C' },
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA' },
      ],
      tools: [{ type: 'function', name: 'weather', parameters: schema, strict: true }],
      text: { format: { type: 'json_schema', name: 'a', schema }, verbosity: 'low' },
      reasoning: { effort: 'low', summary: 'auto' },
      max_output_tokens: 200,
      include: ['reasoning.encrypted_content'],
      store: false,
      truncation: 'disabled',
    },
  },
  {
    api: openaiCompletions as unknown as Api<never>,
    request: { model: 'davinci', prompt: ['Once', 'upon'], suffix: 'end', best_of: 2, echo: false, max_tokens: 20 },
  },
  {
    api: openaiEmbeddings as unknown as Api<never>,
    request: { model: 'embed', input: 'How long?', dimensions: 256, encoding_format: 'float' },
  },
  {
    api: anthropicMessages as unknown as Api<never>,
    request: {
      model: 'claude-haiku-4-5',
      max_tokens: 200,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'All of it.' } },
            { type: 'text', text: 'What is this?' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature: 'Ep' },
            { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { url: 'https://example.com', city: 'Bern' } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '21 °C' }] },
      ],
      tools: [{ name: 'weather', description: 'Weather', input_schema: schema }],
      thinking: { type: 'enabled', budget_tokens: 1024 },
      stop_sequences: ['END'],
      temperature: 1,
      top_k: 40,
    },
  },
]

const keys = new KeyMaker({ tenant: 'context' })
const keyOf = (api: Api<never>, request: unknown, tenant: string = 'acme', of: KeyMaker = keys): string => {
  const keyed = of.key({ api, request } as unknown as CacheQuery<ApiId>, { tenant })
  if ('bypass' in keyed) return keyed.bypass
  return `${keyed.key.scope} ${keyed.key.id} ${keyed.check()}`
}

type Path = readonly (string | number)[]

/** Every place in a value, itself left out. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value)
  return [...entries].flatMap(([at, field]) => [[...path, at], ...placesIn(field, [...path, at])])
}

/** A copy with another value at a place, or nothing there. */
function changed(value: unknown, [at, ...rest]: Path, make: (old: unknown) => unknown): unknown {
  if (at === undefined) return make(value)
  const copy = structuredClone(value) as Record<string | number, unknown>
  const next = changed(copy[at], rest, make)
  if (next !== undefined) copy[at] = next
  else if (Array.isArray(copy)) copy.splice(Number(at), 1)
  else delete copy[at]
  return copy
}

const another = (old: unknown): unknown => {
  if (typeof old === 'string') return old.startsWith('data:') ? `${old}AA==` : `${old} `
  if (typeof old === 'number') return old + 1
  if (typeof old === 'boolean') return !old
  if (old === null) return 'null'
  return Array.isArray(old) ? [...old, 'more'] : { ...(old as object), more: 1 }
}

describe.each(requests)('the key of $api.id', ({ api, request }) => {
  const places = placesIn(request).filter(([field]) => !ignoredFields.has(String(field)))
  const own = keyOf(api, request)

  it('is another one for a change in any one place', () => {
    const seen = new Map([[own, 'the request itself']])
    for (const place of places) {
      for (const make of [another, () => undefined]) {
        const key = keyOf(api, changed(request, place, make))
        // What a change in one place does is done by no change in another one.
        expect([place.join('.'), seen.get(key)]).toEqual([place.join('.'), undefined])
        if (/\s/.test(key) && make === another) seen.set(key, place.join('.'))
      }
    }
    expect(places.length).toBeGreaterThan(3)
  })

  it('is another one for a field more, in any object', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Path>([], ...places),
        fc.string({ minLength: 1 }),
        fc.jsonValue(),
        (at, name, value) => {
          const isObject = (old: unknown): boolean => typeof old === 'object' && old !== null && !Array.isArray(old)
          let isMore = false
          const more = changed(request, at, (old) => {
            if (!isObject(old) || Object.hasOwn(old as object, name) || (at.length === 0 && ignoredFields.has(name)))
              return old
            isMore = true
            return { ...(old as object), [name]: value }
          })
          if (isMore && name !== '__proto__') expect(keyOf(api, more)).not.toBe(own)
        },
      ),
    )
  })

  it('is the same for permuted fields, however deep', () => {
    const shuffled = (value: unknown, random: () => number): unknown => {
      if (Array.isArray(value)) return value.map((item) => shuffled(item, random))
      if (typeof value !== 'object' || value === null) return value
      const fields = Object.entries(value).map(([name, field]) => [random(), name, shuffled(field, random)] as const)
      return Object.fromEntries(fields.toSorted(([a], [b]) => a - b).map(([, name, field]) => [name, field]))
    }
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (numbers) => {
        expect(
          keyOf(
            api,
            shuffled(request, () => numbers.next().value ?? 0),
          ),
        ).toBe(own)
      }),
    )
  })

  it('is never the same for two tenants, nor for a tenant and everyone', () => {
    const shared = new KeyMaker({ tenant: 'shared' })
    const named = new KeyMaker({ tenant: (({ tenant }) => tenant) as CacheTenant })
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (a, b) => {
        expect(keyOf(api, request, a) === keyOf(api, request, b)).toBe(a === b)
        expect(keyOf(api, request, a, named)).toBe(keyOf(api, request, a))
        expect(keyOf(api, request, a, shared)).not.toBe(keyOf(api, request, a))
      }),
    )
  })
})
