import type { JsonObject } from '../../json.ts'
import type { FakeModel } from './options.ts'
import type { Ask } from './request.ts'
import type { FakeAnswer, FakeCitation, FakeFinish, FakeUsage } from './script.ts'
import { badRequest, Failure } from './failure.ts'
import type { CacheUse, MeasuredBlock, PromptCache } from './model/prompt-cache.ts'
import { seeded } from './model/random.ts'
import { sampleSchema, SchemaSampleError } from './model/schema-sample.ts'
import { answerText, reasoningText, topicOf, type TextSource } from './model/text.ts'
import { countTokens, type FakeTokenizer } from './model/tokens.ts'

/** A piece of an answer that is streamed as one chunk: one token, or a scripted chunk of several. */
export interface Piece {
  readonly text: string
  readonly tokens: number
}

export interface Choice {
  readonly reasoning: readonly Piece[]
  readonly text: readonly Piece[]
  readonly refusal: readonly Piece[]
  readonly toolCalls: readonly {
    readonly id: string | undefined
    readonly name: string
    readonly pieces: readonly Piece[]
  }[]
  readonly citations: readonly FakeCitation[]
  readonly finish: FakeFinish
  /** The stop sequence that ended the text. */
  readonly stopSequence: string | undefined
}

/** An answer before any dialect has written it down. */
export interface Answer {
  readonly choices: readonly Choice[]
  readonly usage: FakeUsage
}

/** What answers are made with. */
export interface Brain {
  readonly seed: number
  readonly tokenizer: FakeTokenizer
  readonly cache: PromptCache
}

/** The joined text of pieces. */
export function joined(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join('')
}

/** Tokens of a prompt: its texts, and in a chat three a message and three to begin the answer. */
export function measure(
  ask: Pick<Ask, 'blocks'>,
  tokenizer: FakeTokenizer,
): { blocks: MeasuredBlock[]; tokens: number } {
  const blocks = ask.blocks.map((block) => {
    const overhead = block.role === undefined ? 0 : 3 + countTokens(tokenizer, block.role)
    return { ...block, tokens: overhead + countTokens(tokenizer, block.text) + (block.otherTokens ?? 0) }
  })
  const begin = blocks.some((block) => block.role !== undefined) ? 3 : 0
  return { blocks, tokens: blocks.reduce((total, block) => total + block.tokens, begin) }
}

/**
 * Makes the answer to a request, scripted where the script says something.
 *
 * @throws {Failure} the provider's context-length error, or a 400 for a schema it cannot make a value of
 */
export function compose(ask: Ask, script: FakeAnswer, model: FakeModel, brain: Brain, nowMs: number): Answer {
  const { blocks, tokens } = measure(ask, brain.tokenizer)
  if (tokens > model.contextWindow) throw contextLength(tokens, model.contextWindow)
  const limit = Math.min(ask.maxTokens ?? Infinity, model.maxOutput, model.contextWindow - tokens)
  const prompt = blocks.map((block) => block.text).join('\n')
  const choices = ask.questions.map((question, choice) => {
    const source = {
      seed: brain.seed,
      model: ask.model,
      quality: model.quality,
      prompt,
      question,
      toolResult: ask.toolResult,
      choice,
    }
    return limited(
      written(ask, { ...invented(ask, source, script), ...script }, brain.tokenizer),
      limit,
      brain.tokenizer,
    )
  })
  const use = cacheUse(ask, blocks, tokens, brain, nowMs)
  const reasoningTokens = sum(choices.flatMap((choice) => choice.reasoning))
  const outputTokens = sum(choices.flatMap(piecesOf))
  return {
    choices,
    usage: {
      inputTokens: tokens,
      outputTokens,
      cacheReadTokens: use.read,
      cacheWrite5mTokens: use.write5m,
      cacheWrite1hTokens: use.write1h,
      reasoningTokens,
      ...script.usage,
    },
  }
}

/** The error for a prompt longer than the model's context window. */
export function contextLength(tokens: number, window: number): Failure {
  return new Failure({
    status: 400,
    code: 'context_length_exceeded',
    param: 'messages',
    message: `This model's maximum context length is ${window} tokens, but your messages have ${tokens} tokens.`,
    anthropicType: 'invalid_request_error',
    anthropicMessage: `prompt is too long: ${tokens} tokens > ${window} maximum`,
  })
}

/** What the model says when no script does. */
function invented(ask: Ask, source: TextSource, script: FakeAnswer): FakeAnswer {
  const random = seeded(source.seed, 'answer', source.model, source.prompt, source.choice)
  const reasoning = ask.reasoning && { reasoning: reasoningText(source) }
  const scripted = [script.text, script.chunks, script.toolCalls, script.refusal].some((part) => part !== undefined)
  if (scripted) return { ...reasoning }
  const tool = chosenTool(ask, source.question)
  try {
    if (tool) {
      const value = sampleSchema(tool.schema ?? { type: 'object', properties: {} }, random)
      return { ...reasoning, toolCalls: [{ name: tool.name, arguments: value as JsonObject }] }
    }
    if (ask.format.kind === 'schema') {
      return { ...reasoning, text: JSON.stringify(sampleSchema(ask.format.schema, random)) }
    }
  } catch (error) {
    if (!(error instanceof SchemaSampleError)) throw error
    throw badRequest(
      `The fake provider cannot make a value for this schema: ${error.message}. Script the answer instead.`,
    )
  }
  const text = answerText(source)
  if (ask.format.kind === 'text') return { ...reasoning, text }
  return { ...reasoning, text: JSON.stringify({ topic: topicOf(source.question).about, answer: text }) }
}

function chosenTool(ask: Ask, question: string): Ask['tools'][number] | undefined {
  if (ask.toolResult !== undefined || ask.toolChoice === 'none') return undefined
  if (ask.toolChoice === 'required') return ask.tools[0]
  if (ask.toolChoice === 'auto') return ask.tools.find((tool) => question.includes(tool.name))
  const { name } = ask.toolChoice
  return ask.tools.find((tool) => tool.name === name)
}

/** Cuts an answer into pieces and ends it at a stop sequence. */
function written(ask: Ask, answer: FakeAnswer, tokenizer: FakeTokenizer): Choice {
  const toolCalls = (answer.toolCalls ?? []).map(({ id, name, arguments: args }) => ({
    id,
    name,
    pieces: pieces(typeof args === 'string' ? args : JSON.stringify(args ?? {}), tokenizer),
  }))
  const whole = answer.chunks
    ? answer.chunks.map((text) => ({ text, tokens: countTokens(tokenizer, text) }))
    : pieces(answer.text ?? '', tokenizer)
  const stop = earliestStop(joined(whole), ask.stop)
  return {
    reasoning: pieces(answer.reasoning ?? '', tokenizer),
    text: stop ? headOf(whole, stop.at, tokenizer) : whole,
    refusal: pieces(answer.refusal ?? '', tokenizer),
    toolCalls: stop ? [] : toolCalls,
    citations: answer.citations ?? [],
    finish: answer.finish ?? (toolCalls.length > 0 && !stop ? 'tool_calls' : 'stop'),
    stopSequence: stop?.sequence,
  }
}

/** Cuts what goes beyond `limit` tokens, in the order in which the parts are written. */
function limited(choice: Choice, limit: number, tokenizer: FakeTokenizer): Choice {
  if (sum(piecesOf(choice)) <= limit) return choice
  let left = limit
  const take = (all: readonly Piece[]): Piece[] => {
    const taken: Piece[] = []
    for (const piece of all) {
      if (left <= 0) break
      if (piece.tokens <= left) taken.push(piece)
      else taken.push(...pieces(piece.text, tokenizer).slice(0, left))
      left -= piece.tokens
    }
    return taken
  }
  return {
    ...choice,
    reasoning: take(choice.reasoning),
    text: take(choice.text),
    refusal: take(choice.refusal),
    toolCalls: choice.toolCalls.flatMap((call) => (left > 0 ? [{ ...call, pieces: take(call.pieces) }] : [])),
    finish: 'length',
    stopSequence: undefined,
  }
}

function cacheUse(ask: Ask, blocks: MeasuredBlock[], tokens: number, brain: Brain, nowMs: number): CacheUse {
  if (ask.caching === 'explicit') return brain.cache.explicit(ask.model, blocks, nowMs)
  const all = (): string[] =>
    blocks.flatMap(({ text, role = '', tokens: cost }) => {
      const encoded = brain.tokenizer.encode(text)
      return [...Array.from({ length: Math.max(0, cost - encoded.length) }, () => role), ...encoded]
    })
  return brain.cache.automatic(ask.model, all, tokens, nowMs)
}

/** One piece a token; a token that ends inside a character waits for the rest of it. */
function pieces(text: string, tokenizer: FakeTokenizer): Piece[] {
  const cut: Piece[] = []
  let waiting = 0
  for (const token of tokenizer.encode(text)) {
    if (token === '') waiting++
    else {
      cut.push({ text: token, tokens: 1 + waiting })
      waiting = 0
    }
  }
  return cut
}

function headOf(all: readonly Piece[], length: number, tokenizer: FakeTokenizer): Piece[] {
  const head: Piece[] = []
  let left = length
  for (const piece of all) {
    if (left <= 0) break
    if (piece.text.length <= left) head.push(piece)
    else head.push({ text: piece.text.slice(0, left), tokens: countTokens(tokenizer, piece.text.slice(0, left)) })
    left -= piece.text.length
  }
  return head
}

function earliestStop(text: string, stops: readonly string[]): { at: number; sequence: string } | undefined {
  const found = stops.flatMap((sequence) => {
    const at = sequence === '' ? -1 : text.indexOf(sequence)
    return at < 0 ? [] : [{ at, sequence }]
  })
  return found.sort((a, b) => a.at - b.at)[0]
}

function piecesOf(choice: Choice): Piece[] {
  return [...choice.reasoning, ...choice.text, ...choice.refusal, ...choice.toolCalls.flatMap((call) => call.pieces)]
}

function sum(all: readonly Piece[]): number {
  return all.reduce((total, piece) => total + piece.tokens, 0)
}
