import { readFile } from 'node:fs/promises'
import type OpenAI from 'openai'
import { UsageError } from './options.ts'

export type ChatMessage = OpenAI.ChatCompletionMessageParam

/** One line of an input file. */
export interface Message {
  /** What the customer writes; of a whole conversation its last message. */
  readonly text: string
  /** The conversation as it is sent; `undefined` for a single message. */
  readonly messages: readonly ChatMessage[] | undefined
  /** What it says in other words than its line. */
  readonly original?: string
  /** Messages with the same right answer. */
  readonly group: string | undefined
  readonly session: string | undefined
  readonly turn: number
  /** Asks for something about the customer's own account, which is nobody else's answer. */
  readonly isPersonal: boolean
}

/**
 * Reads messages out of JSONL text.
 *
 * @throws {UsageError} naming the line that is no message.
 */
export function parseMessages(text: string, name: string): Message[] {
  const messages: Message[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const message = messageOf(line)
    if (!message)
      throw new UsageError(
        `${name}, line ${index + 1}: expected JSON with "text" (not empty) or "messages" (role and content each).`,
      )
    messages.push(message)
  }
  if (messages.length === 0) throw new UsageError(`${name} holds no messages.`)
  return messages
}

function messageOf(line: string): Message | undefined {
  const row = parseJson(line) as { [field: string]: unknown } | null | undefined
  if (typeof row !== 'object' || row === null) return undefined
  const { text, messages, group, session, turn, acts, live } = row
  const list = Array.isArray(messages) && messages.length > 0 && messages.every(isChatMessage) ? messages : undefined
  const own = typeof text === 'string' && text !== '' ? text : contentOf(list?.at(-1))
  if (own === undefined) return undefined
  return {
    text: own,
    messages: text === undefined ? list : undefined,
    group: typeof group === 'string' ? group : undefined,
    session: typeof session === 'string' ? session : undefined,
    turn: typeof turn === 'number' ? turn : 1,
    isPersonal: acts === true || live === true,
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isChatMessage(value: unknown): value is ChatMessage {
  return typeof value === 'object' && value !== null && 'role' in value && 'content' in value
}

function contentOf(message: ChatMessage | undefined): string | undefined {
  if (!message) return undefined
  return typeof message.content === 'string' ? message.content : JSON.stringify(message.content)
}

/** The demo's own messages, or those of a file of the user's. */
export async function loadMessages(input: string | undefined): Promise<Message[]> {
  const file = input ?? new URL('messages.jsonl', import.meta.url)
  try {
    return parseMessages(await readFile(file, 'utf8'), input ?? 'messages.jsonl')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new UsageError(`Cannot read ${input}: ${String(error.code)}. Give --input the path of a JSONL file.`)
  }
}

/** The right answers by group, which the fake provider gives. */
export async function loadAnswers(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(new URL('answers.json', import.meta.url), 'utf8')
  return new Map(Object.entries(JSON.parse(text) as Record<string, string>))
}
