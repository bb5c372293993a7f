import { describe, expect, it } from 'vitest'
import { embed } from './embed.ts'

const similarity = (a: string, b: string, dimensions = 1536): number => {
  const [x, y] = [embed(a, dimensions, 1), embed(b, dimensions, 1)]
  return x.reduce((sum, value, i) => sum + value * (y[i] as number), 0)
}

describe('embed', () => {
  it.each([1, 2, 64, 1536, 3072])('has unit norm in %i dimensions', (dimensions) => {
    for (const text of ['I lost my card', '', '!!!', 'a']) {
      const vector = embed(text, dimensions, 1)
      expect(vector).toHaveLength(dimensions)
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
    }
  })

  it('puts texts near each other that share words or stems', () => {
    expect(similarity('I lost my card', 'my card is lost')).toBeGreaterThan(0.7)
    expect(similarity('cancel my subscription', 'how do I cancel subscriptions?')).toBeGreaterThan(0.6)
    expect(similarity('I lost my card', 'what is the exchange rate of the euro?')).toBeLessThan(0.2)
  })

  it('depends on the seed and on nothing else but the text', () => {
    expect(embed('x', 64, 1)).toEqual(embed('x', 64, 1))
    expect(embed('x', 64, 1)).not.toEqual(embed('x', 64, 2))
  })
})
