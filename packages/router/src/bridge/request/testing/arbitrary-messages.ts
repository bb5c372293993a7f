import type Anthropic from '@anthropic-ai/sdk'
import fc from 'fast-check'
import { args, base64, imageType, schema, some, text, webUrl, word } from './words.ts'

type Params = Omit<Anthropic.MessageCreateParamsNonStreaming, 'stream'> & { stream?: boolean }
type Turn = Anthropic.MessageParam
type Block = Anthropic.ContentBlockParam

const cache = fc.constantFrom(undefined, null, { type: 'ephemeral' as const, ttl: '1h' as const })
const textBlock: fc.Arbitrary<Anthropic.TextBlockParam> = fc
  .tuple(text, cache)
  .map(([value, mark]) => ({ type: 'text', text: value, ...(mark !== undefined && { cache_control: mark }) }))
const image: fc.Arbitrary<Anthropic.ImageBlockParam> = fc
  .oneof(
    fc.tuple(imageType, base64).map(([media_type, data]) => ({ type: 'base64' as const, media_type, data })),
    webUrl.map((url) => ({ type: 'url' as const, url })),
    word.map((file_id) => ({ type: 'file' as const, file_id })),
  )
  .map((source) => ({ type: 'image', source }))
const document: fc.Arbitrary<Anthropic.DocumentBlockParam> = fc
  .tuple(
    fc.oneof(
      base64.map((data) => ({ type: 'base64' as const, media_type: 'application/pdf' as const, data })),
      webUrl.map((url) => ({ type: 'url' as const, url })),
      text.map((data) => ({ type: 'text' as const, media_type: 'text/plain' as const, data })),
    ),
    some<{ title: string; context: string }>({ title: word, context: text }),
  )
  .map(([source, extras]) => ({ type: 'document', source, ...extras }))

const userBlock: fc.Arbitrary<Block> = fc.oneof({ weight: 4, arbitrary: textBlock }, image, document)
const user: fc.Arbitrary<Turn> = fc
  .oneof(text, fc.array(userBlock, { minLength: 1, maxLength: 3 }))
  .map((content) => ({ role: 'user', content }))
const thinking: fc.Arbitrary<Block> = fc
  .tuple(text, word)
  .map(([value, signature]) => ({ type: 'thinking', thinking: value, signature }))
const said: fc.Arbitrary<Block[]> = fc
  .tuple(fc.option(thinking), fc.array(textBlock, { minLength: 1, maxLength: 2 }))
  .map(([thought, list]) => [...(thought ? [thought] : []), ...list])

const resultContent = fc.oneof(
  text,
  fc.array(fc.oneof({ weight: 3, arbitrary: textBlock }, image), { minLength: 1, maxLength: 2 }),
)

/** An answer, with calls or without, and what the user says to it: results first. */
const exchange = fc
  .record({
    said,
    calls: fc.array(
      fc.record({ name: word, input: args, result: resultContent, failed: fc.constantFrom(undefined, true, false) }),
      { maxLength: 3 },
    ),
    asked: user,
  })
  .map((one) => (at: number): Turn[] => {
    const ids = one.calls.map((_, index) => `toolu_${at}_${index}`)
    const uses = one.calls.map(({ name, input }, index): Block => ({
      type: 'tool_use',
      id: ids[index] ?? '',
      name,
      input,
    }))
    const results = one.calls.map(({ result, failed }, index): Block => ({
      type: 'tool_result',
      tool_use_id: ids[index] ?? '',
      content: result,
      ...(failed !== undefined && { is_error: failed }),
    }))
    const asked: Block[] =
      typeof one.asked.content === 'string' ? [{ type: 'text', text: one.asked.content }] : one.asked.content
    return [
      { role: 'assistant', content: [...one.said, ...uses] },
      { role: 'user', content: results.length > 0 ? [...results, ...asked] : one.asked.content },
    ]
  })

const messages = fc
  .tuple(user, fc.array(exchange, { maxLength: 3 }))
  .map(([first, exchanges]): Turn[] => [first, ...exchanges.flatMap((one, at) => one(at))])

const tool: fc.Arbitrary<Anthropic.Tool> = fc.record(
  {
    name: word,
    input_schema: schema,
    description: text,
    strict: fc.boolean(),
    type: fc.constantFrom('custom' as const, null),
    input_examples: fc.array(args, { minLength: 1, maxLength: 1 }),
  },
  { requiredKeys: ['name', 'input_schema'], noNullPrototype: true },
)

const toolSettings = fc
  .record({
    tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
    search: fc.boolean(),
    mode: fc.constantFrom('auto', 'any', 'none', 'tool', 'unstated'),
    parallel: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ tools, search, mode, parallel }): Partial<Params> => {
    const alone = parallel !== undefined && { disable_parallel_tool_use: parallel }
    const choice: Params['tool_choice'] =
      mode === 'tool'
        ? { type: mode, name: tools[0]?.name ?? '', ...alone }
        : mode === 'auto' || mode === 'any'
          ? { type: mode, ...alone }
          : mode === 'none'
            ? { type: mode }
            : undefined
    const hosted = { type: 'web_search_20250305', name: 'web_search', max_uses: 31 } as const
    return { tools: search ? [...tools, hosted] : tools, ...(choice && { tool_choice: choice }) }
  })

const settings = some<Params>({
  system: fc.oneof(text, fc.array(textBlock, { minLength: 1, maxLength: 3 })),
  stop_sequences: fc.array(word, { minLength: 1, maxLength: 6 }),
  thinking: fc.constantFrom<Anthropic.ThinkingConfigParam[]>(
    { type: 'disabled' },
    { type: 'enabled', budget_tokens: 8192 },
    { type: 'adaptive', display: 'summarized' },
    { type: 'between_tools' },
  ),
  output_config: some<Anthropic.OutputConfig>({
    effort: fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max'),
    format: schema.map((value) => ({ type: 'json_schema' as const, schema: value })),
  }),
  metadata: word.map((user_id) => ({ user_id })),
  service_tier: fc.constantFrom('auto', 'standard_only'),
  speed: fc.constantFrom('standard', 'fast'),
  inference_geo: word,
  container: word,
  cache_control: fc.constant({ type: 'ephemeral' }),
  stream: fc.boolean(),
})

/** What the wire has that the SDK no longer types: models before Claude Opus 4.7 take it. */
const sampling = some<{ temperature: number; top_p: number; top_k: number }>({
  temperature: fc.double({ min: 0, max: 1, noNaN: true }),
  top_p: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
  top_k: fc.integer({ min: 101, max: 400 }),
})

/** Requests of Anthropic Messages that the provider takes. */
export const arbitraryMessages: fc.Arbitrary<Anthropic.MessageCreateParams> = fc
  .tuple(
    messages,
    fc.integer({ min: 20_000, max: 40_000 }),
    settings,
    sampling,
    fc.option(toolSettings, { nil: undefined }),
  )
  .map(
    ([list, max_tokens, stated, sampled, tools]) =>
      ({
        model: 'model-x',
        max_tokens,
        messages: list,
        ...stated,
        ...sampled,
        ...tools,
      }) as Anthropic.MessageCreateParams,
  )
