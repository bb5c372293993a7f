import { describe, expect, it } from 'vitest'
import { sampleKey, seededRandom } from '../testing/sample-key.ts'
import { formats, shortestKey } from './key-formats.ts'
import { TokenRuns } from './token-runs.ts'

/** Where the runs of a text begin, going past each. */
function startsIn(text: string, length: number): number[] {
  const runs = new TokenRuns(text, length)
  const starts: number[] = []
  for (let index = 0; index < text.length;) {
    runs.seek(index)
    if (runs.start >= text.length) break
    starts.push(runs.start)
    index = runs.start
    while (index < text.length && /[\w.+/=~:$-]/.test(text.charAt(index))) index += 1
  }
  return starts
}

describe('TokenRuns', () => {
  it.each([
    ['', []],
    ['one two six', [8]],
    ['one four! six!', [4]],
    ['four', [0]],
    ['!four five! six ', [1, 6]],
    ['ab abc! abcd, a', [8, 14]],
    ['abc def ghi!', []],
    ['éfour, üabcde, x_', [1, 8, 15]],
  ])('are in %j', (text, starts) => {
    expect(startsIn(text, 4)).toEqual(starts)
  })

  it('have every key in them', () => {
    const random = seededRandom(3)
    // Those with percent signs and `@` have a long enough run before these.
    const unescaped = formats.filter(
      ({ body }) => !body.some((part) => /[%@]/.test(typeof part === 'string' ? part : part.of)),
    )
    expect(formats.length - unescaped.length).toBe(2)
    for (const format of unescaped) {
      const key = sampleKey(format, random)
      expect(key.length).toBeGreaterThanOrEqual(shortestKey)
      expect(startsIn(`of ${key}, and so on!`, shortestKey)).toEqual([3])
    }
  })
})
