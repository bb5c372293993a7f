import fc from 'fast-check'
import type OpenAI from 'openai'
import { argsText, base64, dataImage, dataPdf, metadata, schema, some, text, webUrl, word } from './words.ts'

type Params = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'stream'> & { stream?: boolean | null }
type Item = OpenAI.Responses.ResponseInputItem
type Part = OpenAI.Responses.ResponseInputContent

const textPart: fc.Arbitrary<OpenAI.Responses.ResponseInputText> = text.map((value) => ({
  type: 'input_text',
  text: value,
}))
const part: fc.Arbitrary<Part> = fc.oneof(
  { weight: 3, arbitrary: textPart },
  fc
    .tuple(fc.oneof(dataImage, webUrl), fc.constantFrom('auto' as const, 'low' as const, 'high' as const))
    .map(([image_url, detail]): Part => ({ type: 'input_image', image_url, detail })),
  word.map((file_id): Part => ({ type: 'input_image', file_id, detail: 'auto' })),
  fc.tuple(dataPdf, word).map(([file_data, filename]): Part => ({ type: 'input_file', file_data, filename })),
  webUrl.map((file_url): Part => ({ type: 'input_file', file_url })),
)

const message: fc.Arbitrary<Item> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .oneof(text, fc.array(part, { minLength: 1, maxLength: 3 }))
      .map((content): Item => ({ role: 'user', content })),
  },
  fc
    .tuple(
      fc.constantFrom('system' as const, 'developer' as const),
      fc.oneof(text, fc.array(textPart, { minLength: 1, maxLength: 2 })),
    )
    .map(([role, content]): Item => ({ type: 'message', role, content })),
  fc.tuple(text, word, fc.boolean()).map(([value, id, declined]): Item => ({
    type: 'message',
    id: `msg_${id}`,
    role: 'assistant',
    status: 'completed',
    content: [declined ? { type: 'refusal', refusal: value } : { type: 'output_text', text: value, annotations: [] }],
  })),
  fc.tuple(word, text, base64).map(([id, value, encrypted_content]): Item => ({
    type: 'reasoning',
    id: `rs_${id}`,
    summary: [{ type: 'summary_text', text: value }],
    encrypted_content,
  })),
)

/** Calls with their results, in any order, other items between them. */
const round = fc
  .record({
    calls: fc.array(
      fc.record({
        name: word,
        input: argsText,
        custom: fc.boolean(),
        output: fc.oneof(text, fc.array(textPart, { minLength: 1, maxLength: 2 })),
        place: fc.nat(),
      }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    between: fc.option(message),
  })
  .map(({ calls, between }) => (at: number): Item[] => {
    const numbered = calls.map((call, index) => ({ ...call, call_id: `call_${at}_${index}` }))
    return [
      ...numbered.map(({ call_id, name, input, custom }): Item =>
        custom
          ? { type: 'custom_tool_call', call_id, name, input }
          : { type: 'function_call', id: `fc_${call_id}`, status: 'completed', call_id, name, arguments: input },
      ),
      ...(between ? [between] : []),
      ...numbered
        .toSorted((a, b) => a.place - b.place)
        .map(({ call_id, custom, output }): Item => ({
          type: custom ? 'custom_tool_call_output' : 'function_call_output',
          call_id,
          output,
        })),
    ]
  })

const input = fc
  .array(fc.oneof({ weight: 2, arbitrary: message.map((item) => (): Item[] => [item]) }, round), {
    minLength: 1,
    maxLength: 5,
  })
  .map((list): Item[] => list.flatMap((one, at) => one(at)))

const tool: fc.Arbitrary<OpenAI.Responses.Tool> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record(
      {
        type: fc.constant('function' as const),
        name: word,
        parameters: schema,
        strict: fc.constantFrom(true, false, null),
        description: text,
      },
      { requiredKeys: ['type', 'name', 'parameters', 'strict'], noNullPrototype: true },
    ),
  },
  word.map((name) => ({ type: 'custom' as const, name })),
  word.map((server_label) => ({ type: 'mcp' as const, server_label, server_url: `https://${server_label}.example` })),
)

const toolSettings = fc
  .record({
    tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
    choice: fc.constantFrom('auto' as const, 'none' as const, 'required' as const, undefined),
    parallel: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ tools, choice, parallel }): Partial<Params> => ({
    tools,
    ...(choice && { tool_choice: choice }),
    ...(parallel !== undefined && { parallel_tool_calls: parallel }),
  }))

const settings = some<Params>({
  instructions: text,
  max_output_tokens: fc.integer({ min: 1100, max: 9000 }),
  temperature: fc.double({ min: 0, max: 2, noNaN: true }),
  top_p: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
  include: fc.subarray(['message.output_text.logprobs' as const, 'reasoning.encrypted_content' as const]),
  reasoning: some<OpenAI.Reasoning>({
    effort: fc.constantFrom('none', 'low', 'medium', 'high', 'xhigh', 'max', null),
    summary: fc.constantFrom('auto', 'detailed'),
  }),
  text: some<OpenAI.Responses.ResponseTextConfig>({
    verbosity: fc.constantFrom('low', 'high'),
    format: fc.oneof(
      fc.constant({ type: 'json_object' as const }),
      fc.record(
        { type: fc.constant('json_schema' as const), name: word, schema, description: text, strict: fc.constant(true) },
        { requiredKeys: ['type', 'name', 'schema'], noNullPrototype: true },
      ),
    ),
  }),
  store: fc.boolean(),
  previous_response_id: word,
  conversation: word,
  background: fc.boolean(),
  truncation: fc.constantFrom('auto', 'disabled'),
  max_tool_calls: fc.integer({ min: 31, max: 60 }),
  prompt_cache_key: word,
  safety_identifier: word,
  user: word,
  service_tier: fc.constantFrom('auto', 'default', 'flex', 'ultrafast'),
  metadata,
  stream: fc.constantFrom(true, false, null),
})

/** Requests of Responses that the provider takes. */
export const arbitraryResponses: fc.Arbitrary<OpenAI.Responses.ResponseCreateParams> = fc
  .tuple(fc.oneof(text, input), settings, fc.option(toolSettings, { nil: undefined }))
  .map(
    ([said, stated, tools]) =>
      ({ model: 'model-x', input: said, ...stated, ...tools }) as OpenAI.Responses.ResponseCreateParams,
  )
