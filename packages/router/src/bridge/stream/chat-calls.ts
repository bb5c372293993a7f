import type { EventOf } from '@sluice/core'
import type { StreamPiece } from './piece.ts'

type Delta = NonNullable<EventOf<'openai.chat'>['choices'][number]['delta']['tool_calls']>[number]

interface OpenCall {
  /** The index that the server gives it. */
  readonly wire: number | undefined
  id: string
  name: string
  readonly custom: boolean
  /** All arguments so far. */
  text: string
  /** `undefined` until its name is known. */
  part: number | undefined
  ended: boolean
}

/** The tool calls of a chat answer, told apart by index, id or order: servers number them as they like. */
export class ChatCalls {
  readonly #calls: OpenCall[] = []
  readonly #nextPart: () => number
  readonly #emit: (piece: StreamPiece) => void

  constructor(nextPart: () => number, emit: (piece: StreamPiece) => void) {
    this.#nextPart = nextPart
    this.#emit = emit
  }

  push(delta: Partial<Delta>): void {
    const { index, id, function: fn, custom } = delta
    const { name } = fn ?? custom ?? {}
    let call = this.#of(index, id, name)
    if (!call) {
      // The ones before are over as soon as they can be.
      for (const known of this.#calls) if (isWhole(known)) this.#end(known)
      call = { wire: index, id: '', name: '', custom: !!custom, text: '', part: undefined, ended: false }
      this.#calls.push(call)
    }
    if (call.part === undefined) {
      call.id ||= id ?? ''
      call.name ||= name ?? ''
    }
    const text = fn?.arguments ?? custom?.input ?? ''
    // Nothing but space follows whole arguments.
    if (call.ended) return
    call.text += text
    if (call.part !== undefined) this.#add(call, text)
    else if (call.name) {
      this.#start(call)
      this.#add(call, call.text)
    }
  }

  closeAll(): void {
    for (const call of this.#calls) {
      if (call.part === undefined) {
        this.#start(call)
        this.#add(call, call.text)
      }
      this.#end(call)
    }
  }

  #start(call: OpenCall): void {
    const { id, name, custom } = call
    call.part = this.#nextPart()
    this.#emit({ type: 'toolStart', part: call.part, id, name, ...(custom && { custom }) })
  }

  #add({ part, id }: OpenCall, text: string): void {
    if (text !== '') this.#emit({ type: 'toolDelta', part: part as number, id, text })
  }

  #end(call: OpenCall): void {
    if (call.ended) return
    call.ended = true
    this.#emit({ type: 'partEnd', part: call.part as number, kind: 'tool', id: call.id })
  }

  /**
   * The last call of that index, else of that id, else the last one. A delta with an id of its own and a name begins
   * another call, whatever its index; an id alone does not, because some servers make up a new one for every delta.
   */
  #of(index: number | undefined, id: string | undefined, name: string | undefined): OpenCall | undefined {
    const known = this.#calls.findLast((call) => (index != null ? call.wire === index : id ? call.id === id : true))
    return known && name && id && known.id && id !== known.id ? undefined : known
  }
}

function isWhole({ text, custom, part, ended }: OpenCall): boolean {
  if (ended || custom || part === undefined || !text.trimEnd().endsWith('}')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
