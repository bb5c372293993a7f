import type { Generations, Store, StoredEntry, StoreKey } from '../store/store.ts'

/** What a store is checked with. */
export interface StoreWorld {
  readonly store: Store
  /** The same answers as another process sees them. @default store */
  readonly other?: Store
  /** How long `store` may go on showing what `other` invalidated, in milliseconds. @default 0 */
  readonly seenAfterMs?: number
  /** The store's clock, in Unix milliseconds. */
  readonly now: () => number
  /** Lets this many milliseconds pass on it. */
  readonly pass: (ms: number) => Promise<void>
  /** Called when the case is over. */
  readonly stop?: () => void | Promise<void>
}

export interface StoreCase {
  readonly name: string
  readonly run: (world: StoreWorld) => Promise<void>
}

export interface StoreContractCase {
  readonly name: string
  readonly run: () => Promise<void>
}

/** An entry that lives for a minute. */
export function entryOf(
  nowMs: number,
  tags: Generations,
  { text = 'Paris', semantic = false }: { text?: string; semantic?: boolean } = {},
): StoredEntry {
  const entry: StoredEntry = {
    api: 'openai.chat',
    check: 'digest',
    answer: { id: 'chatcmpl-1', text, choices: [{ index: 0, message: { role: 'assistant', content: text } }] },
    boundaries: [
      ['0.content', 2],
      ['0.content', 3],
    ],
    requestIds: { 'x-request-id': 'req_1' },
    tags,
    storedAtMs: nowMs,
    freshUntilMs: nowMs + 60_000,
    staleUntilMs: nowMs + 60_000,
    errorUntilMs: nowMs + 60_000,
    tookMs: 812.5,
    ...(semantic && { semantic: { text: 'capital of France?', group: 'g', rejected: ['d1', 'd2'] } }),
  }
  return freeze(entry)
}

/**
 * Runs something that must be quicker than the time it is given, in milliseconds, and that says whether it was: with ever
 * more time, until it is. For what a store must not do too early, on a machine that is busy with something else.
 */
export async function inTime(run: (ms: number) => Promise<boolean>): Promise<void> {
  for (let ms = 240; !(await run(ms)); ms *= 2) if (ms > 60_000) throw new Error(`The store took longer than ${ms} ms.`)
}

export async function found(
  store: Store,
  key: StoreKey,
  tags: readonly string[] = [],
): Promise<StoredEntry | undefined> {
  return (await store.get(key, tags)).entry
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.freeze(value)
  if (typeof value === 'object' && value !== null) for (const field of Object.values(value)) freeze(field)
  return value
}
