import { optionalPeer } from '../optional-peer.ts'
import { rank } from './findings.ts'
import type { Recogniser } from './recogniser.ts'

/** What is used of `compromise`. */
interface Compromise {
  (text: string): { people(): { json(options: object): readonly { offset?: { start: number; length: number } }[] } }
}

/** The tagger takes the square of a sentence's length: longer ones are cut between two words. */
const longestPiece = 400
const upper = /\p{Lu}/u
const line = /[^\n]+/g
const letter = /[\p{L}\p{M}\p{N}]/u
const score = 0.6

/**
 * Names of people in English text, by `compromise`. About 0.05 MB/s, line by line.
 *
 * @throws {SluiceError} `config.peer` where `compromise` is not installed.
 */
export function names(): Recogniser {
  const loaded = optionalPeer<Compromise | { readonly default: Compromise }>(
    'pii() with the entity "name"',
    'compromise',
  )
  const nlp = 'default' in loaded ? loaded.default : loaded
  return {
    reach: longestPiece,
    wholeOnly: true,
    text(into) {
      for (const { 0: piece, index } of into.text.matchAll(line))
        for (let from = 0; from < piece.length;) {
          const part = piece.slice(from, cutOf(piece, from))
          if (upper.test(part))
            for (const { offset } of nlp(part).people().json({ offset: true, terms: false })) {
              if (offset === undefined) continue
              const [start, end] = trimmed(part, offset.start, offset.start + offset.length)
              if (start < end) into.add(index + from + start, index + from + end, 'name', score, rank.context)
            }
          from += part.length
        }
    },
  }
}

/** A piece without what stands around its letters: quotes, full stops. */
function trimmed(text: string, start: number, end: number): [start: number, end: number] {
  let [from, to] = [start, end]
  while (from < to && !letter.test(text.charAt(from))) from += 1
  while (to > from && !letter.test(text.charAt(to - 1))) to -= 1
  return [from, to]
}

/** Where the part of a line ends that begins at `from`: where it is too long, after a sentence, or else after a word. */
function cutOf(piece: string, from: number): number {
  if (piece.length - from <= longestPiece) return piece.length
  const stop = piece.lastIndexOf('. ', from + longestPiece)
  const space = stop > from ? stop + 1 : piece.lastIndexOf(' ', from + longestPiece)
  return space > from ? space + 1 : from + longestPiece
}
