import type { JsonObject } from '@sluice/core'

/** What the events of a stream say besides what the pieces bring. */
export interface EncoderOptions {
  /** The model where the source names none. @default `''` */
  readonly model?: string
  /** The answer's id where the source names none. @default one is made up */
  readonly id?: string
  /** Chat: whether the caller asked for a last event with the usage; the others always tell it. @default false */
  readonly includeUsage?: boolean
  /** Responses: the caller's request, parts of which the answer repeats (tools, instructions, format…). */
  readonly request?: JsonObject
  /** Unix milliseconds, for the times of the answer that the source does not tell. @default Date.now */
  readonly now?: () => number
}

/** An id in the manner of a dialect: `chatcmpl-`, `msg_`, `resp_` and so on. */
export function newId(prefix: string): string {
  return prefix + crypto.randomUUID().replaceAll('-', '')
}

/** Ids of tool calls, each used once: results are matched to calls by them. */
export class ToolIds {
  readonly #used = new Set<string>()

  use(id: string): void {
    this.#used.add(id)
  }

  /** The id itself, or another where there is none or it was used; the same one whenever the same answer is made. */
  next(id: string, answer: string, place: number): string {
    let free = id || `call_${bare(answer)}_${place}`
    for (let turn = 2; this.#used.has(free); turn += 1) free = `${id || `call_${bare(answer)}_${place}`}_${turn}`
    this.#used.add(free)
    return free
  }
}

/** An answer's id without the prefix of its dialect. */
export function bare(id: string): string {
  return id.replace(/^(chatcmpl-|msg_|resp_|gen-)/, '')
}
