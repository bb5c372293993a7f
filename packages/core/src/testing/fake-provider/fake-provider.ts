import { AssertionError } from 'node:assert'
import type { FakeFaultDetails, FakeFaultName } from './faults.ts'
import { describeCalls, expectCallCount, type FakeCall } from './journal.ts'
import { memoryFetch } from './memory-fetch.ts'
import type { FakeModel, FakeProviderOptions } from './options.ts'
import { createRouter } from './router.ts'
import type { FakeMatch, FakeReply } from './script.ts'
import { listen, type FakeServer, type ListenOptions } from './server.ts'
import { createState } from './state.ts'

/** A model server for tests: scripted, deterministic, in memory or on loopback. Made by {@link fakeProvider}. */
export interface FakeProvider {
  /**
   * A `fetch` that reaches this provider in memory, whatever the host: `new OpenAI({ fetch: provider.fetch, … })`.
   * Bodies are produced as they are read; abort, cancel and broken connections look as with Node's own fetch.
   */
  readonly fetch: typeof fetch
  /** The models it lists. */
  readonly models: readonly FakeModel[]

  /** Serves over HTTP as well. Calls of both ways land in one journal. */
  listen(options?: ListenOptions): Promise<FakeServer>

  /**
   * Scripts the answer to the calls that match: a model's name, a pattern of the last user text, or a function. The
   * latest script that matches counts. Returns the provider.
   */
  on(match: FakeMatch, reply: FakeReply): FakeProvider
  /** Scripts the next text answers, in this order, before every `on`. Each is used once. Returns the provider. */
  enqueue(...replies: FakeReply[]): FakeProvider
  /** Replies queued by {@link enqueue} and not yet used. */
  readonly queued: number

  /**
   * Makes model calls fail from now on, all of them unless told otherwise. The latest fault that strikes counts.
   *
   * @throws {SluiceError} config.unknown_fault
   */
  fail(fault: FakeFaultName, options?: FailOptions): FakeProvider
  /** Ends every fault, those of the options included. */
  heal(): FakeProvider

  /** Every request so far, the oldest first. */
  readonly calls: readonly FakeCall[]
  /** The calls to one model. */
  callsTo(model: string): readonly FakeCall[]
  readonly lastCall: FakeCall | undefined
  /** The calls that have not ended. */
  readonly pending: readonly FakeCall[]
  /**
   * Asserts the number of calls, to one model if it is named.
   *
   * @throws {AssertionError} with a list of the calls
   */
  expectCalls(count: number, model?: string): void
  /** Asserts that every queued reply was used and no call is pending. @throws {AssertionError} */
  expectSettled(): void
  /** Resolves as soon as no call is pending: over HTTP the server learns a moment later that a caller went away. */
  settled(): Promise<void>
  /** Empties the journal. */
  clear(): void
  /** Everything back to the beginning: scripts, journal, stored objects, prompt cache, and faults as in the options. */
  reset(): void
}

/** Which calls {@link FakeProvider.fail} strikes, and how. */
export interface FailOptions extends FakeFaultDetails {
  /** @default every model */
  readonly model?: string
  /** How many calls fail before it is over. @default Infinity */
  readonly times?: number
  /** Share of the calls, 0..1. @default 1 */
  readonly rate?: number
}

/**
 * Starts a fake model server that speaks OpenAI's Chat Completions, Responses, Completions and Embeddings and
 * Anthropic's Messages, with `/v1/models`, `/health`, files, batches and moderations.
 *
 * Without a script it answers with plain support-agent English made from (seed, model, prompt), streamed one token a
 * chunk with exact usage; with a value of the JSON schema when one is asked for; and with a tool call when the tool
 * choice demands one, or leaves it open and the last user message names the tool. After a tool's result it answers in
 * text. It does not check limits of rate, and it knows nothing.
 *
 * @throws {SluiceError} config.unknown_fault, config.invalid_rate or config.invalid_models
 *
 * @example
 * const provider = fakeProvider()
 * const openai = new OpenAI({ apiKey: 'test', fetch: provider.fetch })
 * provider.on(/refund/i, 'Refunds take five days.').fail('http-503', { times: 1 })
 * await openai.responses.create({ model: 'gpt-5-mini', input: 'A refund, please' })
 * provider.expectCalls(2)
 */
export function fakeProvider(options: FakeProviderOptions = {}): FakeProvider {
  const state = createState(options)
  const serve = createRouter(state)
  const { journal, script, faults } = state

  const provider: FakeProvider = {
    fetch: memoryFetch(serve),
    models: state.models,
    listen: (where) => listen(serve, where),
    on(match, reply) {
      script.on(match, reply)
      return provider
    },
    enqueue(...replies) {
      script.enqueue(replies)
      return provider
    },
    get queued() {
      return script.queued
    },
    fail(fault, { model, ...details } = {}) {
      faults.add({ ...details, fault, ...(model !== undefined && { models: [model] }) })
      return provider
    },
    heal() {
      faults.clear()
      return provider
    },
    get calls() {
      return journal.calls
    },
    callsTo: (model) => journal.calls.filter((call) => call.model === model),
    get lastCall() {
      return journal.calls.at(-1)
    },
    get pending() {
      return journal.pending
    },
    expectCalls(count, model) {
      const calls = model === undefined ? journal.calls : provider.callsTo(model)
      expectCallCount(calls, count, model === undefined ? '' : ` to ${model}`)
    },
    expectSettled() {
      const { pending } = provider
      if (pending.length === 0 && script.queued === 0) return
      const left = `${script.queued} queued reply(ies) and these calls are open:\n${describeCalls(pending)}`
      throw new AssertionError({
        message: `Expected nothing left over, but ${left}`,
        actual: pending.length + script.queued,
        expected: 0,
        operator: 'expectSettled',
      })
    },
    settled: journal.settled,
    clear: journal.clear,
    reset: state.reset,
  }
  return provider
}
