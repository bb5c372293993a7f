import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Detector } from '../detector.ts'
import { defaultEntities, entityNames } from './entities.ts'
import { pii } from './pii.ts'
import { chunkings } from './fixtures/pieces.ts'
import { redactStream, redactWhole, spansOf } from './fixtures/stream.ts'

const detectors: readonly (readonly [name: string, detector: Detector])[] = [
  ['the default entities', pii()],
  ['all entities but names', pii({ entities: [...defaultEntities, 'url'] })],
  ['weak evidence', pii({ minScore: 0 })],
  ['one entity', pii({ entities: ['phone'] })],
  [
    'a custom entity',
    pii({
      custom: [{ entity: 'custom', pattern: '[a-z]{1,4} ?\\d{2,6}', maxLength: 12, context: ['order', 'phone'] }],
    }),
  ],
]

const streamed = entityNames.filter((entity) => entity !== 'name')

describe('a stream', () => {
  it.each(detectors)('is redacted like the whole text, however it is cut: %s', (_, detector) => {
    fc.assert(
      fc.property(chunkings, ({ text, chunks }) => {
        expect(redactStream(detector, chunks).output).toBe(redactWhole(detector, text))
      }),
      { numRuns: 400 },
    )
  })

  it('is so where it is longer than what is looked at again', () => {
    const detector = pii()
    fc.assert(
      fc.property(fc.array(chunkings, { minLength: 4, maxLength: 12 }), (parts) => {
        const text = parts.map((each) => each.text).join('')
        expect(
          redactStream(
            detector,
            parts.flatMap(({ chunks }) => chunks),
          ).output,
        ).toBe(redactWhole(detector, text))
      }),
      { numRuns: 40 },
    )
  })

  it('is so for each entity by itself', () => {
    const alone = new Map(streamed.map((entity) => [entity, pii({ entities: [entity], minScore: 0 })]))
    fc.assert(
      fc.property(fc.constantFrom(...streamed), chunkings, (entity, { text, chunks }) => {
        const detector = alone.get(entity) as Detector
        expect(redactStream(detector, chunks).output).toBe(redactWhole(detector, text))
      }),
      { numRuns: 1_500 },
    )
  })

  it('has something to redact in these texts', () => {
    const counts = fc.sample(chunkings, { numRuns: 200, seed: 7 }).map(({ text }) => spansOf(pii(), text).length)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100)
  })

  it('is held back no further than declared', () => {
    fc.assert(
      fc.property(chunkings, ({ chunks }) => {
        for (const [, detector] of detectors)
          for (const held of redactStream(detector, chunks).held)
            expect(held).toBeLessThanOrEqual(detector.stream?.maxMatch ?? 0)
      }),
      { numRuns: 100 },
    )
  })

  it.each([' ', 'a', '1', 'a@', 'a@b.co@', '1 2 3 ', 'http://a', '123-45-'])(
    'holds back a bounded part of an endless %j',
    (part) => {
      const detector = pii()
      const text = part.repeat(2_000)
      expect(text.length - (detector.stream?.couldGrow(text) ?? 0)).toBeLessThanOrEqual(319)
    },
  )

  it('holds back little of ordinary text', () => {
    const text =
      'The train to Zürich leaves at 10:15 from platform 12, so be there early. Ask for Ada if you are late. '.repeat(5)
    const { held } = redactStream(pii(), [...text])
    expect(held.reduce((sum, each) => sum + each, 0) / held.length).toBeLessThan(5)
  })
})
