import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkText } from './check-text.ts'
import { competitors } from './competitors.ts'
import { createGuard } from './create-guard.ts'
import type { Detector } from './detector.ts'
import { createCanary } from './injection/canary.ts'
import { patterns } from './patterns/patterns.ts'
import { chunkings as piiTexts } from './pii/fixtures/pieces.ts'
import { pii } from './pii/pii.ts'
import { cloudFormats } from './secrets/formats-clouds.ts'
import { modelFormats } from './secrets/formats-models.ts'
import { secrets } from './secrets/secrets.ts'
import { sampleKey, seededRandom } from './testing/sample-key.ts'
import { topics } from './topics.ts'
import { urls } from './urls/urls.ts'

const token = 'qhzkfwmvtbxr'
const detectors: readonly Detector[] = [
  pii(),
  secrets({ mode: 'redact' }),
  urls({ deny: ['evil.example'], mode: 'redact' }),
  competitors({ names: ['Acme Corp', 'Globex'], mode: 'redact' }),
  topics({ deny: { gambling: ['roulette', 'place a bet'] }, mode: 'redact' }),
  patterns({ patterns: { ticket: /TKT-\d{4,8}/ }, maxMatch: 16, mode: 'redact' }),
  createCanary({ token, mode: 'redact' }).detector,
]

const random = seededRandom(1)
const keys = [...modelFormats, ...cloudFormats].map((format) => sampleKey(format, random)).slice(0, 8)
const personal = ['ada@example.com', '4111 1111 1111 1111', '+49 30 901820', 'password = "hunter2hunter2"', ...keys]
const places = [
  'https://evil.example/x?y=1',
  'evil.example',
  'https://fine.example',
  'Acme Corp',
  'acme-corp',
  'Globex',
]
const words = ['roulette', 'place a bet', 'TKT-12345678', 'TKT-123', token, token.toUpperCase(), [...token].join('-')]
const filler = [
  'and then it was',
  'the parcel of last week,',
  '. ',
  '\n',
  ': ',
  'x',
  '1',
  '"',
  '\\',
  'é',
  '😀',
  '(',
  '-',
  '/',
]
const piece = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...personal, ...places, ...words) },
  { weight: 3, arbitrary: fc.constantFrom(...filler) },
)
const between = fc.constantFrom(' ', ' ', ' ', '')
const long = fc
  .array(fc.tuple(piece, between), { minLength: 5, maxLength: 120, size: 'max' })
  .map((pieces) => pieces.flat().join(''))
const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 9 })

async function streamed(
  guarded: readonly Detector[],
  text: string,
  cuts: readonly number[],
  channel: 'text' | 'arguments',
) {
  const stream = (await createGuard({ output: guarded }).session()).stream(channel)
  const bound = Math.max(...guarded.map((each) => each.stream?.maxMatch ?? 0))
  let shown = ''
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const length = cuts[turn % cuts.length] as number
    shown += await stream.push(text.slice(at, at + length))
    at += length
    expect(stream.held).toBeLessThanOrEqual(bound + 6)
  }
  return shown + (await stream.end())
}

describe.each(detectors.map((detector) => [detector.name, detector] as const))('%s', (_, detector) => {
  it('shows of a stream what it leaves of the whole text, however long and however it is cut', async () => {
    let changed = 0
    await fc.assert(
      fc.asyncProperty(long, lengths, async (text, cuts) => {
        const whole = (await checkText(text, [detector])).text
        if (whole !== text) changed += 1
        expect(await streamed([detector], text, cuts, 'text')).toBe(whole)
      }),
      { numRuns: 30 },
    )
    expect(changed).toBeGreaterThan(10)
  })
})

describe('all together', () => {
  it('show of a stream what they leave of the whole text', async () => {
    await fc.assert(
      fc.asyncProperty(long, lengths, async (text, cuts) => {
        expect(await streamed(detectors, text, cuts, 'text')).toBe((await checkText(text, detectors)).text)
      }),
      { numRuns: 12 },
    )
  })

  it('do so with personal data that touches, in texts longer than what is looked at again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piiTexts, { minLength: 3, maxLength: 9 }), lengths, async (texts, cuts) => {
        const text = texts.map((each) => each.text).join(' ')
        const [personalData] = detectors
        expect(await streamed([personalData as Detector], text, cuts, 'text')).toBe(
          (await checkText(text, [personalData as Detector])).text,
        )
      }),
      { numRuns: 20 },
    )
  })

  it('keep arguments of a tool JSON, and the same however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('a', 'b', 'note'), fc.oneof(long, fc.integer())),
        lengths,
        async (value, cuts) => {
          const json = JSON.stringify(value)
          const session = await createGuard({ output: detectors }).session()
          const stream = session.stream('arguments')
          const whole = (await stream.push(json)) + (await stream.end())
          expect(Object.keys(JSON.parse(whole) as object)).toEqual(Object.keys(value))
          expect(await streamed(detectors, json, cuts, 'arguments')).toBe(whole)
        },
      ),
      { numRuns: 12 },
    )
  })
})
