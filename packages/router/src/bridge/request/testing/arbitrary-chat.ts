import fc from 'fast-check'
import type OpenAI from 'openai'
import { argsText, dataImage, dataPdf, metadata, schema, some, text, webUrl, word } from './words.ts'

type Params = Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'stream'> & { stream?: boolean | null }
type Message = OpenAI.ChatCompletionMessageParam
type UserPart = OpenAI.ChatCompletionContentPart
type TextPart = OpenAI.ChatCompletionContentPartText

const mark = fc.constantFrom(undefined, { mode: 'explicit' as const })
const textPart: fc.Arbitrary<TextPart> = fc
  .tuple(text, mark)
  .map(([value, cache]) => ({ type: 'text', text: value, ...(cache && { prompt_cache_breakpoint: cache }) }))
const texts = fc.oneof(text, fc.array(textPart, { minLength: 1, maxLength: 2 }))

const userPart: fc.Arbitrary<UserPart> = fc.oneof(
  { weight: 3, arbitrary: textPart },
  fc
    .record(
      { url: fc.oneof(dataImage, webUrl), detail: fc.constantFrom('auto', 'low', 'high') },
      { requiredKeys: ['url'], noNullPrototype: true },
    )
    .map((image_url): UserPart => ({ type: 'image_url', image_url })),
  fc
    .oneof(
      fc.record({ file_data: dataPdf, filename: word }, { noNullPrototype: true }),
      fc.record({ file_id: word }, { noNullPrototype: true }),
    )
    .map((file): UserPart => ({ type: 'file', file })),
  word.map((data): UserPart => ({ type: 'input_audio', input_audio: { data, format: 'wav' } })),
)

const system: fc.Arbitrary<Message> = fc
  .tuple(fc.constantFrom('system' as const, 'developer' as const), texts)
  .map(([role, content]) => ({ role, content }))
const user: fc.Arbitrary<Message> = fc
  .tuple(fc.oneof(text, fc.array(userPart, { minLength: 1, maxLength: 3 })), fc.option(word, { nil: undefined }))
  .map(([content, name]) => ({ role: 'user', content, ...(name !== undefined && { name }) }))
const assistant: fc.Arbitrary<Message> = fc.oneof(
  { weight: 4, arbitrary: texts.map((content): Message => ({ role: 'assistant', content })) },
  text.map((refusal): Message => ({ role: 'assistant', content: null, refusal })),
)

/** Calls of a turn with their results, in any order; ids are given later. */
const round = fc
  .record({
    said: fc.option(text),
    calls: fc.array(fc.record({ name: word, input: argsText, custom: fc.boolean(), result: texts, place: fc.nat() }), {
      minLength: 1,
      maxLength: 3,
    }),
    spoken: fc.option(word),
  })
  .map(({ said, calls, spoken }) => (at: number): Message[] => {
    const numbered = calls.map((call, index) => ({ ...call, id: `call_${at}_${index}` }))
    return [
      {
        role: 'assistant',
        content: said,
        ...(spoken !== null && { audio: { id: spoken } }),
        tool_calls: numbered.map(({ id, name, input, custom }) =>
          custom
            ? { id, type: 'custom', custom: { name, input } }
            : { id, type: 'function', function: { name, arguments: input } },
        ),
      },
      ...numbered
        .toSorted((a, b) => a.place - b.place)
        .map(({ id, result }): Message => ({ role: 'tool', tool_call_id: id, content: result })),
    ]
  })

const messages = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: user.map((message) => () => [message]) },
      assistant.map((message) => () => [message]),
      system.map((message) => () => [message]),
      round,
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.flatMap((part, at) => part(at)))

const tool: fc.Arbitrary<OpenAI.ChatCompletionTool> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record(
        { name: word, description: text, parameters: schema, strict: fc.boolean() },
        { requiredKeys: ['name'], noNullPrototype: true },
      )
      .map((value): OpenAI.ChatCompletionTool => ({ type: 'function', function: value })),
  },
  fc
    .record({ name: word, description: text }, { requiredKeys: ['name'], noNullPrototype: true })
    .map((custom): OpenAI.ChatCompletionTool => ({ type: 'custom', custom })),
)

const toolSettings = fc
  .record({
    tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
    mode: fc.constantFrom('auto', 'none', 'required', 'named', 'allowed', 'unstated'),
    parallel: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ tools, mode, parallel }): Partial<Params> => {
    const [first] = tools
    const named = first?.type === 'function' ? first.function.name : first?.custom.name
    const choice: Params['tool_choice'] =
      mode === 'named' && first
        ? first.type === 'function'
          ? { type: 'function', function: { name: named ?? '' } }
          : { type: 'custom', custom: { name: named ?? '' } }
        : mode === 'allowed' && first?.type === 'function'
          ? {
              type: 'allowed_tools',
              allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: named } }] },
            }
          : mode === 'auto' || mode === 'none' || mode === 'required'
            ? mode
            : undefined
    return {
      tools,
      ...(choice !== undefined && { tool_choice: choice }),
      ...(parallel !== undefined && { parallel_tool_calls: parallel }),
    }
  })

const format: fc.Arbitrary<NonNullable<Params['response_format']>> = fc.oneof(
  fc.constant({ type: 'text' as const }),
  fc.constant({ type: 'json_object' as const }),
  fc
    .record(
      { name: word, schema, description: text, strict: fc.constant(true) },
      { requiredKeys: ['name', 'schema'], noNullPrototype: true },
    )
    .map((json_schema) => ({ type: 'json_schema' as const, json_schema })),
)

const settings = some<Params>({
  max_completion_tokens: fc.integer({ min: 1100, max: 9000 }),
  temperature: fc.double({ min: 0, max: 2, noNaN: true }).map((value) => value + 0),
  top_p: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
  stop: fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 4 })),
  n: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer({ min: 10_000, max: 99_999 }),
  logit_bias: fc.constantFrom({}, { 50256: -100 }),
  frequency_penalty: fc.constantFrom(0, 0.51),
  presence_penalty: fc.constantFrom(0, -0.52),
  logprobs: fc.constant(true),
  reasoning_effort: fc.constantFrom('none', 'low', 'medium', 'high', 'xhigh', 'max', null),
  response_format: format,
  verbosity: fc.constantFrom('low', 'high'),
  modalities: fc.constantFrom(['text'], ['text', 'audio']),
  prediction: text.map((content) => ({ type: 'content', content })),
  prompt_cache_key: word,
  prompt_cache_retention: fc.constant('24h'),
  safety_identifier: word,
  user: word,
  service_tier: fc.constantFrom('auto', 'default', 'flex', 'priority'),
  store: fc.boolean(),
  metadata,
  moderation: word.map((model) => ({ model })),
  stream: fc.constantFrom(true, false, null),
})

/** Requests of Chat Completions that the provider takes. */
export const arbitraryChat: fc.Arbitrary<OpenAI.ChatCompletionCreateParams> = fc
  .tuple(messages, settings, fc.option(toolSettings, { nil: undefined }))
  .map(
    ([list, stated, tools]) =>
      ({ model: 'model-x', messages: list, ...stated, ...tools }) as OpenAI.ChatCompletionCreateParams,
  )
