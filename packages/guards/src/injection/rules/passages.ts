import { sentenceAt, sentencesOf } from '../text/sentences.ts'

interface Range {
  readonly start: number
  readonly end: number
}

/** Ranges with less between them, in code units, belong to one passage. */
const near = 120
const most = 16

/**
 * The passages of a text around some ranges, whole sentences each: what surrounds an order must not thin it out. The first
 * of them where there are very many.
 */
export function passagesAround(text: string, ranges: readonly Range[]): string[] {
  if (ranges.length === 0) return []
  const sentences = sentencesOf(text)
  const passages: { start: number; end: number }[] = []
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const start = Math.min(range.start, sentenceAt(sentences, range.start)?.start ?? range.start)
    const end = Math.max(range.end, sentenceAt(sentences, range.end - 1)?.end ?? range.end)
    const last = passages.at(-1)
    if (last && start - last.end < near) last.end = Math.max(last.end, end)
    else if (passages.length === most) break
    else passages.push({ start, end })
  }
  // One that is most of the text would be judged twice.
  return passages
    .filter(({ start, end }) => end - start < text.length * 0.75)
    .map(({ start, end }) => text.slice(start, end))
}
