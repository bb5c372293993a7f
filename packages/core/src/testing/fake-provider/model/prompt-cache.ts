import { hash } from './random.ts'

/** One piece of a prompt as the cache sees it: a tool list, a system text, one part of a message. */
export interface PromptBlock {
  readonly text: string
  /** Set on the first block of a message: the message costs three tokens and those of this word. */
  readonly role?: string
  /** Tokens of what is not text: images, documents, audio. */
  readonly otherTokens?: number
  /** Anthropic's `cache_control` on this block. */
  readonly breakpoint?: '5m' | '1h' | undefined
}

/** A block with its price in tokens. */
export interface MeasuredBlock extends PromptBlock {
  readonly tokens: number
}

/** How the prompt cache served one prompt. The parts are disjoint and part of the prompt's tokens. */
export interface CacheUse {
  readonly read: number
  readonly write5m: number
  readonly write1h: number
}

export interface PromptCache {
  /** OpenAI's automatic cache: the longest prefix seen before, in steps of 128 tokens, from 1,024 tokens on. */
  automatic(scope: string, pieces: () => readonly string[], tokens: number, nowMs: number): CacheUse
  /** Anthropic's cache: prefixes written where `cache_control` says so, found again up to 20 blocks before a mark. */
  explicit(scope: string, blocks: readonly MeasuredBlock[], nowMs: number): CacheUse
  clear(): void
}

const minimumTokens = 1024
const stepTokens = 128
const lookBackBlocks = 20
const maxBreakpoints = 4
const lifetimeMs = { '5m': 300_000, '1h': 3_600_000 }
const maxEntries = 50_000

/** An in-memory prompt cache that follows the providers' published rules, on the provider's own clock. */
export function createPromptCache(): PromptCache {
  const expiries = new Map<string, number>()

  const touch = (key: string, nowMs: number, ttlMs: number): void => {
    expiries.delete(key)
    expiries.set(key, nowMs + ttlMs)
    if (expiries.size > maxEntries) expiries.delete(expiries.keys().next().value as string)
  }
  const alive = (key: string, nowMs: number): boolean => (expiries.get(key) ?? -1) > nowMs

  return {
    automatic(scope, pieces, tokens, nowMs) {
      if (tokens < minimumTokens) return { read: 0, write5m: 0, write1h: 0 }
      const all = pieces()
      let read = 0
      let chain = hash(scope)
      for (let end = stepTokens; end <= all.length; end += stepTokens) {
        chain = hash(chain, ...all.slice(end - stepTokens, end))
        if (end < minimumTokens) continue
        const key = `auto ${end} ${chain}`
        // A prefix counts only while every shorter one was there as well.
        if (alive(key, nowMs) && (read === end - stepTokens || end === minimumTokens)) read = end
        touch(key, nowMs, lifetimeMs['5m'])
      }
      // At least the last token is always read fresh.
      return { read: Math.min(read, Math.max(0, tokens - 1)), write5m: 0, write1h: 0 }
    },

    explicit(scope, blocks, nowMs) {
      const prefixes: { key: string; tokens: number }[] = []
      let chain = hash(scope)
      let tokens = 0
      for (const block of blocks) {
        chain = hash(chain, block.text)
        tokens += block.tokens
        prefixes.push({ key: `mark ${tokens} ${chain}`, tokens })
      }
      const marks = blocks.flatMap((block, i) => (block.breakpoint ? [{ at: i, ttl: block.breakpoint }] : []))
      let read = 0
      for (const { at } of marks.slice(0, maxBreakpoints)) {
        for (let i = at; i >= 0 && i > at - lookBackBlocks; i--) {
          const prefix = prefixes[i]
          if (!prefix || !alive(prefix.key, nowMs)) continue
          read = Math.max(read, prefix.tokens)
          break
        }
      }
      let upTo = read
      const written = { '5m': 0, '1h': 0 }
      for (const { at, ttl } of marks.slice(0, maxBreakpoints)) {
        const prefix = prefixes[at]
        if (!prefix || prefix.tokens < minimumTokens) continue
        touch(prefix.key, nowMs, lifetimeMs[ttl])
        if (prefix.tokens <= upTo) continue
        written[ttl] += prefix.tokens - upTo
        upTo = prefix.tokens
      }
      return { read, write5m: written['5m'], write1h: written['1h'] }
    },

    clear: () => expiries.clear(),
  }
}
