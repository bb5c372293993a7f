import { describe, expect, it } from 'vitest'
import { predictionPowered, type LabelledScore } from './prediction-powered.ts'
import { seededRandom } from './random.ts'

const refusal = expect.objectContaining({ code: 'eval.out_of_range' })

/** Items of a true share of 0.6, and a judge that is right of so many and says yes to the rest. */
function world(seed: number, skill: number): { labelled: LabelledScore[]; judged: number[] } {
  const random = seededRandom(seed)
  const item = (): LabelledScore => {
    const label = random() < 0.6 ? 1 : 0
    return { label, judged: random() < skill ? label : 1 }
  }
  return {
    labelled: Array.from({ length: 200 }, item),
    judged: Array.from({ length: 2_000 }, () => item().judged),
  }
}

describe('predictionPowered', () => {
  it('puts a judge right that is too kind', () => {
    const { labelled, judged } = world(1, 0.7)
    const naive = judged.reduce((total, score) => total + score, 0) / judged.length
    expect(naive).toBeGreaterThan(0.68)
    const { mean, low, high } = predictionPowered(labelled, judged)
    expect(mean).toBeCloseTo(0.6, 1)
    expect(low).toBeLessThan(0.6)
    expect(high).toBeGreaterThan(0.6)
  })

  it('holds the truth about as often as it says', () => {
    const held = Array.from({ length: 300 }, (_, seed) => {
      const { labelled, judged } = world(seed + 10, 0.8)
      const { low, high } = predictionPowered(labelled, judged)
      return low <= 0.6 && high >= 0.6
    }).filter(Boolean).length
    expect(held / 300).toBeGreaterThan(0.91)
  })

  it('is the labels alone for weight 0, and never much wider with a judge without skill', () => {
    const { labelled, judged } = world(2, 0)
    const alone = predictionPowered(labelled, judged, { weight: 0 })
    const labels = labelled.map(({ label }) => label)
    expect(alone.mean).toBeCloseTo(labels.reduce((total, label) => total + label, 0) / labels.length, 12)
    // It says yes to everything: nothing is to be learned from it.
    expect(predictionPowered(labelled, judged)).toEqual({ ...alone, weight: 0 })
    const skilled = world(3, 0.95)
    const [trusted, none] = [{}, { weight: 0 }].map((how) => predictionPowered(skilled.labelled, skilled.judged, how))
    expect(trusted?.standardError).toBeLessThan((none?.standardError as number) * 0.7)
  })

  it('refuses too little and what is no number', () => {
    const { labelled, judged } = world(4, 0.9)
    expect(() => predictionPowered(labelled.slice(0, 1), judged)).toThrow(refusal)
    expect(() => predictionPowered(labelled, [])).toThrow(refusal)
    expect(() => predictionPowered(labelled, [Number.NaN])).toThrow(refusal)
    expect(() => predictionPowered(labelled, judged, { level: 0 })).toThrow(refusal)
  })
})
