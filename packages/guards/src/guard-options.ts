import type { Call, Channel, Clock, Role, TextPart } from '@sluice/core'
import type { Detector, StreamMode } from './detector.ts'
import type { Vault } from './vault/vault.ts'

/** Detectors for what tools are told and what they tell. */
export interface ToolGuards {
  /** What tools say they are for: descriptions in the request. @default none */
  readonly definitions?: readonly Detector[]
  /** Arguments that the model writes for a tool. @default those of `output` */
  readonly calls?: readonly Detector[]
  /** Results of tools on their way to the model. @default those of `input` */
  readonly results?: readonly Detector[]
}

/** Where a text comes from that is not the user's own. */
export interface Provenance {
  /** Its name: what `indirectInjection({ sources })` goes by. */
  readonly source: string
}

/** Detectors that only watch. */
export interface ShadowGuards {
  readonly input?: readonly Detector[]
  readonly output?: readonly Detector[]
  readonly tools?: readonly Detector[] | ToolGuards
  readonly documents?: readonly Detector[]
}

/** What guards do, with a client or without. */
export interface GuardOptions {
  /** What checks the text that goes to the model. @default none */
  readonly input?: readonly Detector[]
  /** What checks the text that comes back, whole or streamed. @default none */
  readonly output?: readonly Detector[]
  /** What checks tools in the place of `input` and `output`. A list is for their calls and their results. @default those */
  readonly tools?: readonly Detector[] | ToolGuards
  /** What checks documents: `document` and `search_result` blocks, and what `provenance` says is one. @default as for results of tools */
  readonly documents?: readonly Detector[]
  /**
   * What happens when a detector fails: `closed` refuses the call or answer with `guard.failed`, `open` lets it pass. What a
   * detector says of itself wins; unless it says otherwise, one that declares that it redacts fails closed, and one that
   * declares that it only warns fails open. A failure that lets pass is in the report. @default 'closed'
   */
  readonly onError?: 'closed' | 'open'
  /**
   * What the detectors of one side of a call may take together, in milliseconds; past it the slow ones have failed. Each step of
   * the vault, and each text that is shown to those that only watch, has as long again. @default 5000
   */
  readonly budgetMs?: number
  /**
   * `true`: nothing is blocked or redacted, only reported. Lists of detectors: these are run beside the others and have no
   * effect; the report says what they would have done and what was done, and what they took. It waits for those that are still
   * at it when the call is over, at most `budgetMs`; the call does not. @default false
   */
  readonly shadow?: boolean | ShadowGuards
  /**
   * How detectors that can only judge whole texts run on streamed answers: see {@link StreamMode}. `'after-disclosure'` shows
   * everything before it is judged. A detector that needs a mode and has none is refused. An answer that comes whole is judged
   * before it is shown, whatever the mode. @default none
   */
  readonly stream?: StreamMode
  /** Channels of answers that are checked. @default ['text', 'refusal', 'reasoning', 'tool'] */
  readonly channels?: readonly Channel[]
  /** Where values are kept that come back (`pii({ restore: true })`). @default memoryVault() */
  readonly vault?: Vault
  /** Key of the fingerprints, at least 16 characters; keep it like a password. @default drawn anew in each process */
  readonly salt?: string
  /** @default the system's clock */
  readonly clock?: Clock
}

export interface GuardsOptions extends GuardOptions {
  /**
   * Whose text in a request is checked: `tool` means results of tools, `assistant` what the model said and the arguments it
   * wrote. @default user and tool; of the assistant's only what is redacted
   */
  readonly roles?: readonly Role[]
  /**
   * Which messages can block a call or warn. `new`: those after the last answer, and earlier ones that this process has not
   * let through before. `all`: every message on every call. Redaction always covers all of them. @default 'new'
   */
  readonly messages?: 'new' | 'all'
  /** Texts whose verdicts are remembered, by their hash, so that history is not scanned again; 0 for none. @default 10000 */
  readonly maxRemembered?: number
  /** Says of a text where it comes from: a document that was retrieved, or the name of a tool result's source. @default none */
  readonly provenance?: (part: TextPart, call: Call) => Provenance | undefined
  /**
   * The conversation that a call belongs to: within one, equal values have equal placeholders, and values from earlier turns
   * come back. `undefined`: values of the request alone. @default the context's tenant, user and session, where it has a session
   */
  readonly conversation?: (call: Call) => string | undefined
}
