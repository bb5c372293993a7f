import { seeded } from './random.ts'

export interface TokenLogprob {
  readonly token: string
  readonly logprob: number
  readonly bytes: readonly number[]
}

/** A made-up log probability for each piece, with `top` alternatives, the piece itself first. */
export function logprobsOf(
  pieces: readonly { readonly text: string }[],
  top: number,
): (TokenLogprob & { readonly top_logprobs: readonly TokenLogprob[] })[] {
  return pieces.map(({ text }, i) => {
    const random = seeded('logprob', text, i)
    const own = entry(text, -(random.next() ** 4))
    const others = Array.from({ length: Math.max(0, top - 1) }, (_, k) => {
      return entry(`${text.startsWith(' ') ? ' ' : ''}alt${k + 1}`, own.logprob - 1 - k - random.next())
    })
    return { ...own, top_logprobs: top > 0 ? [own, ...others] : [] }
  })
}

function entry(token: string, logprob: number): TokenLogprob {
  return { token, logprob: Math.round(logprob * 1e6) / 1e6, bytes: [...new TextEncoder().encode(token)] }
}
