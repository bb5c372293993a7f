/** The tokenizers that are measured, each loaded when it is asked for, in o200k_base. */
export interface Peer {
  readonly name: string
  /** Loads it; what it gives back counts the tokens of a text. */
  readonly load: () => Promise<(text: string) => number>
  /** What is not part of loading: ours runs from TypeScript sources here, which Node would have to compile first. */
  readonly prepare?: () => Promise<unknown>
  /** Why it is left out of the long runs. */
  readonly skipped?: string
}

export const ours = '@sluice/core/tokens'

export const peers: readonly Peer[] = [
  {
    name: ours,
    prepare: () => import('@sluice/core/tokens'),
    load: async () => {
      const { countTokens, preloadEncoding } = await import('@sluice/core/tokens')
      preloadEncoding('gpt-5')
      return (text) => countTokens(text, 'gpt-5')
    },
  },
  {
    name: 'tiktoken (WASM)',
    load: async () => {
      const encoding = (await import('tiktoken')).get_encoding('o200k_base')
      return (text) => encoding.encode_ordinary(text).length
    },
  },
  {
    name: 'gpt-tokenizer',
    load: async () => {
      const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base')
      return (text) => countTokens(text)
    },
  },
  {
    name: 'ai-tokenizer',
    load: async () => {
      const [{ Tokenizer }, encoding] = await Promise.all([
        import('ai-tokenizer'),
        import('ai-tokenizer/encoding/o200k_base'),
      ])
      const tokenizer = new Tokenizer(encoding)
      return (text) => tokenizer.count(text)
    },
  },
  {
    name: 'js-tiktoken',
    load: async () => {
      const encoding = (await import('js-tiktoken')).getEncoding('o200k_base')
      return (text) => encoding.encode(text, 'all').length
    },
    skipped: 'takes minutes: 2,000 of one letter take it half a second, and ten times that a hundred times as long',
  },
]
