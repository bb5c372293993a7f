/** Cuts text into tokens. Joined again, the pieces are the text; a token inside a character is an empty piece. */
export interface FakeTokenizer {
  readonly name: string
  encode(text: string): readonly string[]
  /** The number of tokens, where counting is cheaper than cutting. @default encode(text).length */
  count?(text: string): number
}

/**
 * A tokenizer without dependencies: words in pieces of at most eight letters with the space before them, digits in
 * threes, punctuation alone. On English prose its counts are within about 15 % of o200k_base; on code and other
 * languages they are further off.
 */
export const approximateTokenizer: FakeTokenizer = {
  name: 'approximate',
  encode: (text) => text.match(/ ?\p{L}{1,8}\p{M}*| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]|\s+|./gsu) ?? [],
}

/** Tokens of `text`, counted the cheapest way the tokenizer has. */
export function countTokens(tokenizer: FakeTokenizer, text: string): number {
  return tokenizer.count?.(text) ?? tokenizer.encode(text).length
}

let loading: Promise<FakeTokenizer> | undefined

/**
 * o200k_base of `@dqbd/tiktoken` when that package is installed, else {@link approximateTokenizer}. Loaded once. A run
 * of more than 1,000 characters without white space is cut there first: the time it takes grows with its square.
 */
export function defaultTokenizer(): Promise<FakeTokenizer> {
  loading ??= import('@dqbd/tiktoken').then(
    ({ get_encoding }) => {
      const encoding = get_encoding('o200k_base')
      const idsOf = (text: string): number[] => slices(text).flatMap((slice) => [...encoding.encode_ordinary(slice)])
      // Text of the tokens that are whole characters; `undefined` for those that are not.
      const texts = new Map<number, string | undefined>()
      const textOf = (token: number): string | undefined => {
        if (!texts.has(token)) texts.set(token, wholeCharacters(encoding.decode_single_token_bytes(token)))
        return texts.get(token)
      }
      const encode = (text: string): string[] => {
        const tokens = idsOf(text)
        const pieces = tokens.map(textOf)
        if (pieces.every((piece) => piece !== undefined)) return pieces
        return decodeEach(tokens.map((token) => encoding.decode_single_token_bytes(token)))
      }
      return { name: 'o200k_base', encode, count: (text) => idsOf(text).length }
    },
    () => approximateTokenizer,
  )
  return loading
}

function slices(text: string): string[] {
  const cut: string[] = []
  let start = 0
  for (const run of text.matchAll(/\S{1000}/gu)) {
    const end = run.index + run[0].length
    cut.push(text.slice(start, end))
    start = end
  }
  return [...cut, text.slice(start)]
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function wholeCharacters(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

/** The text that each token adds: a character cut in two is held back until its last byte has come. */
function decodeEach(tokens: readonly Uint8Array[]): string[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return tokens.map((bytes, i) => decoder.decode(bytes, { stream: i < tokens.length - 1 }))
}
