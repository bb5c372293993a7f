import type { JsonObject } from '../../json.ts'
import type { Folder } from '../api.ts'
import { delta } from './text.ts'
import { inputOf } from './tool-input.ts'

type Draft = Record<string, unknown>

/** What `from` says over what `known` says. Totals that do not apply are left out or `null`, and say nothing. */
function told(known: object | undefined, from: object = {}): Draft {
  const sum: Draft = { ...known }
  for (const [field, value] of Object.entries(from))
    if (value !== null || (field.startsWith('stop_') && !(field in sum))) sum[field] = value
  return sum
}

/** Tool input whose JSON is not whole is its text. */
export function folder(): Folder<'anthropic.messages'> {
  const blocks: Draft[] = []
  /** JSON text of tool inputs, by block. */
  const inputs: string[] = []
  const boundaries: [string, number][] = []
  let head: JsonObject | undefined

  const grow = (index: number, added: JsonObject): void => {
    const block = (blocks[index] ??= { type: String(added['type']).replace('_delta', '') })
    for (const field in added) {
      const value = added[field]
      const known = block[field]
      if (field === 'type') continue
      if (field === 'partial_json') inputs[index] = (inputs[index] ?? '') + value
      else if (field === 'citation') block['citations'] = [...((block['citations'] ?? []) as unknown[]), value]
      // A signature comes whole, and so may whatever is not text; other text is added to.
      else block[field] = field !== 'signature' && typeof known === 'string' ? known + value : value
    }
  }

  return {
    push(event) {
      const { type, message, index = 0, content_block, delta: added } = event
      for (const { part, text } of delta(event)) boundaries.push([part, text.length])
      if (message) {
        head = message
        blocks.push(...(message.content ?? []).map((block) => ({ ...block })))
      } else if (content_block) blocks[index] = { ...content_block }
      else if (type === 'content_block_delta' && added) grow(index, added)
      else if (type === 'message_delta') {
        // What else the event says, such as context_management, is about the message.
        const { type: _, delta: ending, usage, ...rest } = event
        head = { ...told(head, { ...rest, ...ending }), usage: told(head?.['usage'] as object | undefined, usage) }
      }
    },
    answer() {
      if (!head && !blocks.length) return undefined
      const content = blocks.map((block, index) => {
        const input = inputs[index]
        return input === undefined ? { ...block } : { ...block, input: input === '' ? {} : inputOf(input) }
      })
      return {
        id: '',
        type: 'message',
        role: 'assistant',
        model: '',
        ...head,
        content: content.filter(Boolean),
      } as never
    },
    boundaries: () => [...boundaries],
  }
}
