import type { Api, ApiId, EventOf, Folder } from '../api/api.ts'
import { isObject, type JsonObject } from '../json.ts'

/** Ends a stream as its provider does when the answer reaches its output limit. */
export class StreamEnding<A extends ApiId> {
  readonly #api: Api<A>
  readonly #folder: Folder<A> | undefined
  /** Choices or blocks that have begun and not ended. */
  readonly #open = new Set<number>()
  #head: JsonObject = {}
  #sequence = 0

  constructor(api: Api<A>) {
    this.#api = api
    if (api.id === 'openai.responses') this.#folder = api.folder()
  }

  push(event: EventOf<A>): void {
    const { type, index, choices, sequence_number: sequence }: JsonObject = event
    this.#folder?.push(event)
    if (typeof sequence === 'number') this.#sequence = sequence
    if (type === 'content_block_start' && typeof index === 'number') this.#open.add(index)
    if (type === 'content_block_stop' && typeof index === 'number') this.#open.delete(index)
    if (!Array.isArray(choices) || choices.length === 0) return
    this.#head = event
    for (const [position, choice] of choices.entries()) {
      if (!isObject(choice)) continue
      const at = typeof choice['index'] === 'number' ? choice['index'] : position
      if (choice['finish_reason']) this.#open.delete(at)
      else this.#open.add(at)
    }
  }

  /** The events that end the stream; none for a dialect that it does not know. */
  events(outputTokens: number): readonly EventOf<A>[] {
    return this.#events(outputTokens) as readonly EventOf<A>[]
  }

  #events(outputTokens: number): readonly JsonObject[] {
    const open = [...this.#open]
    switch (this.#api.id as ApiId) {
      case 'openai.chat':
      case 'openai.completions': {
        const said = this.#api.id === 'openai.chat' ? { delta: {} } : { text: '' }
        const { usage: _, choices: __, ...head } = this.#head
        const choices = open.map((index) => ({ index, ...said, logprobs: null, finish_reason: 'length' }))
        return [{ ...head, choices }]
      }
      case 'openai.responses': {
        const response = {
          ...this.#folder?.answer(),
          status: 'incomplete',
          incomplete_details: { reason: 'max_output_tokens' },
        }
        return [{ type: 'response.incomplete', sequence_number: this.#sequence + 1, response }]
      }
      case 'anthropic.messages': {
        const delta = { stop_reason: 'max_tokens', stop_sequence: null }
        return [
          ...open.map((index) => ({ type: 'content_block_stop', index })),
          { type: 'message_delta', delta, usage: { output_tokens: outputTokens } },
          { type: 'message_stop' },
        ]
      }
      default:
        return []
    }
  }
}
