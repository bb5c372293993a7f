import { estimateRequest } from '@sluice/core/tokens'
import type { Call } from '@sluice/core'
import { needsOf, type Needs } from './needs.ts'
import type { Bond } from './stickiness.ts'

/** What a strategy and the filters may ask about a call. Each answer is worked out once, when it is first asked for. */
export class RouteQuery {
  readonly call: Call
  readonly isStream: boolean
  readonly model: string
  /** The name of the group that the model stands for; `undefined` where it names a target. */
  readonly group: string | undefined
  readonly nowMs: number
  /** Where the conversation was answered last, while the prompt cache there is warm. */
  readonly bond: Bond | undefined
  /** Nothing is sent: a strategy that takes turns shall not take one. */
  readonly isPeek: boolean
  #needs: Needs | undefined
  #inputTokens: number | undefined

  constructor(
    call: Call,
    known: { group: string | undefined; bond: Bond | undefined; nowMs: number; isPeek: boolean },
  ) {
    this.call = call
    this.group = known.group
    this.bond = known.bond
    this.nowMs = known.nowMs
    this.isPeek = known.isPeek
    this.isStream = call.api.isStream(call.request)
    this.model = call.api.model(call.request)
  }

  get needs(): Needs {
    return (this.#needs ??= needsOf(this.call))
  }

  /** Input tokens, estimated. */
  get inputTokens(): number {
    return (this.#inputTokens ??= estimateRequest(this.call.api, this.call.request).inputTokens)
  }

  /** Whether the prompt has no more than so many tokens: known without an estimate where the request is short. */
  fits(tokens: number): boolean {
    // No tokenizer makes more tokens of a text than it has UTF-8 bytes, three to a UTF-16 unit at most. Pictures and sound
    // are no text: a short address can stand for a large one.
    const isText = this.needs.input.size === 1
    return (isText && this.call.requestLength * 3 <= tokens) || this.inputTokens <= tokens
  }

  /** Input tokens of this conversation that a target's prompt cache should still hold. */
  warmTokens(target: string): number {
    return this.bond?.target === target ? Math.min(this.bond.tokens, this.inputTokens) : 0
  }

  /** The text that the user wrote. */
  get prompt(): string {
    return this.call.api
      .prompt(this.call.request)
      .filter(({ role, kind }) => role === 'user' && kind === 'text')
      .map(({ text }) => text)
      .join('\n')
  }
}
