import type { JsonObject } from '@sluice/core'
import type { Losses, Path } from '../../lossy.ts'
import { noWords, withResultsAtCalls } from '../conversation.ts'
import { BlockWriter, contentOf } from './encode-blocks.ts'
import type { NeutralMessage, NeutralPart } from '../neutral.ts'

interface Turn {
  readonly role: 'system' | 'user' | 'assistant'
  readonly blocks: JsonObject[]
  readonly path: Path
}

/**
 * Writes `system` and `messages` of Anthropic Messages by its rules: system prompts in front, or in a turn of their own
 * where the model takes that; user and assistant in turn, the user first; results before all else in their turn; no
 * empty texts; no white space at the end of an answer to continue.
 */
export function anthropicConversation(
  messages: readonly NeutralMessage[],
  systemTurns: boolean,
  losses: Losses,
): { readonly system?: unknown; readonly messages: JsonObject[] } {
  const writer = new BlockWriter(losses)
  const settled = withResultsAtCalls(messages, losses)
  const turns: Turn[] = []
  const system: Turn[] = []
  for (const [index, message] of settled.entries()) {
    const role = roleOf(message)
    const blocks = message.parts.flatMap((part) => writer.write(part, role))
    if (blocks.length === 0) {
      for (const { path } of message.parts.filter((part) => role === 'user' && saysSomething(part)))
        losses.fatal(path, 'Left out: nothing of what the user says here could be carried.')
      continue
    }
    const turn = { role, blocks, path: message.path }
    if (role !== 'system') add(turns, turn)
    else if (turns.length === 0) system.push(turn)
    else if (systemTurns && turns.at(-1)?.role !== 'assistant' && !isBeforeUser(settled, index)) add(turns, turn)
    else {
      losses.change(message.path, 'Moved into the system prompt in front: it cannot stand where it stood.')
      system.push(turn)
    }
  }
  open(turns, system, losses, settled[0]?.path ?? [])
  close(turns, losses)
  const blocks = system.flatMap((turn) => turn.blocks)
  return {
    ...(blocks.length > 0 && { system: contentOf(blocks) }),
    messages: turns.map((turn) => ({ role: turn.role, content: contentOf(turn.blocks) })),
  }
}

function saysSomething(part: NeutralPart): boolean {
  return part.type !== 'text' || part.text !== ''
}

function roleOf({ role }: NeutralMessage): Turn['role'] {
  if (role === 'developer' || role === 'system') return 'system'
  return role === 'assistant' ? role : 'user'
}

/** A system turn stands between what the user said and the answer, nowhere else. */
function isBeforeUser(messages: readonly NeutralMessage[], index: number): boolean {
  const next = messages.slice(index + 1).find((message) => roleOf(message) !== 'system')
  return next !== undefined && roleOf(next) === 'user'
}

function add(turns: Turn[], turn: Turn): void {
  const last = turns.at(-1)
  if (last?.role === turn.role) last.blocks.push(...turn.blocks)
  else turns.push({ ...turn, blocks: [...turn.blocks] })
}

/** A conversation begins with the user. */
function open(turns: Turn[], system: Turn[], losses: Losses, path: Path): void {
  const [first] = turns
  const only = first ? undefined : system.pop()
  const dots: Turn = { role: 'user', blocks: [{ type: 'text', text: noWords }], path }
  if (!first && !only) {
    losses.fatal(path, 'Left out: nothing of the conversation could be carried.')
    turns.push(dots)
  } else if (only) {
    losses.change(only.path, 'Sent as the words of the user: Anthropic takes no conversation without any.')
    turns.push({ ...only, role: 'user' })
  } else if (first?.role === 'assistant') {
    losses.change(first.path, `Put behind a user message "${noWords}": the user begins a conversation with Anthropic.`)
    turns.unshift(dots)
  }
}

/** A conversation that ends with the assistant asks Anthropic to continue its text. */
function close(turns: Turn[], losses: Losses): void {
  const last = turns.at(-1)
  if (last?.role !== 'assistant') return
  losses.change(last.path, 'Anthropic continues this text, or refuses it, instead of answering it.')
  const end = last.blocks.at(-1)
  if (end?.['type'] === 'text') last.blocks[last.blocks.length - 1] = { ...end, text: String(end['text']).trimEnd() }
}
