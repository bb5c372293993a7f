import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGuard } from '../create-guard.ts'
import { cutInto, redactInChunks, redactWhole } from '../testing/redact-in-chunks.ts'
import { growth } from '../testing/growth.ts'
import { drawn, sampleKey, samplePrivateKey, seededRandom } from '../testing/sample-key.ts'
import { bodyPattern } from './format.ts'
import { formats } from './key-formats.ts'
import { secrets } from './secrets.ts'
import { patternStatus } from '../testing/pattern-status.ts'

const detector = secrets()
const random = seededRandom(11)
const keys = formats.map((format) => sampleKey(format, random))
const hexDigits = (count: number): string => drawn('a-f0-9', count, random)
const encoded = Buffer.from(`admin:${drawn('A-Za-z0-9', 12, random)}`).toString('base64')
/** Secrets that are no formats of keys: by their end, or by the words of a file or a command. */
const others = [
  `${hexDigits(32)}-us21`,
  `${hexDigits(36)}NRAL`,
  `${drawn('A-Za-z0-9', 6, random)}_${drawn('A-Za-z0-9', 29, random)}_mmk`,
  `${drawn('A-Za-z0-9', 14, random)}.atlasv1.${drawn('A-Za-z0-9', 67, random)}`,
  `?sig=${encodeURIComponent(Buffer.from(drawn(' -~', 32, random)).toString('base64'))}`,
  `Private-Lines: 2\n${drawn('A-Za-z0-9+/', 64, random)}\n${drawn('A-Za-z0-9+/', 30, random)}\nPrivate-MAC`,
  `Set-Cookie: a=b; session=${hexDigits(32)}; Path=/`,
  `"auth":"${encoded}"`,
  `curl -u admin:${drawn('A-Za-z0-9', 12, random)}9`,
  `machine a.example login bob password ${drawn('a-z', 9, random)}9`,
  `db.example.com:5432:app:bob:${drawn('a-z', 9, random)}9`,
  `sshpass -p ${drawn('a-z', 9, random)}9 ssh`,
  `| password | ${drawn('A-Z', 4, random)}${drawn('a-z', 4, random)}9 |`,
  `**API key:** ${drawn('A-Za-z0-9', 32, random)}`,
]
const opaque = drawn('A-Za-z0-9', 32, random)
const names = [
  'password: ',
  'api_key=',
  '"client_secret": "',
  'The password is ',
  'Bearer ',
  'Basic ',
  '--token ',
  '<password>',
]
/** A private key that breaks off. */
const half = samplePrivateKey('EC', 2, random).replace(/-----END.*/, '')
const halves = [
  opaque,
  opaque.slice(0, 15),
  'hunter2!x',
  'YOUR_API_KEY',
  'postgres://app:',
  '@db.internal/x',
  '-----',
  '-----BEGIN ',
]
const between = [
  ' ',
  '\n',
  '\\n',
  '%3D',
  '"',
  '.',
  ',',
  '(',
  '=',
  ':',
  '>',
  '-',
  '_',
  '__',
  '_'.repeat(8),
  '**',
  ' |',
  '\\u0022',
  '&',
  '%',
  'e',
  'plain words here ',
  'über ',
  '🔑',
]
const pieces: readonly string[] = [
  ...keys,
  ...keys.map((key) => key.slice(0, Math.floor(key.length / 2))),
  ...keys.map((key, index) => `${'_'.repeat(index % 4)}${key}${'_'.repeat(index % 4)}`),
  ...others,
  ...others.map((text) => text.slice(0, Math.floor(text.length * 0.7))),
  ...['', 'RSA', 'OPENSSH'].map((kind) => samplePrivateKey(kind, 3, random)),
  samplePrivateKey('EC', 2, random).replace(/-----END.*/, ''),
  ...names,
  ...halves,
  ...between,
]

describe('secrets on a stream', () => {
  it('shows the same as for the whole text, however it is cut', () => {
    const texts = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 9 }).map((parts) => parts.join(''))
    const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(texts, lengths, (text, cuts) => {
        const { text: shown, maxHeld } = redactInChunks(detector, cutInto(text, cuts))
        expect(shown).toBe(redactWhole(detector, text))
        expect(maxHeld).toBeLessThanOrEqual(detector.stream!.maxMatch)
      }),
      { numRuns: 150 },
    )
  })

  it('shows the same for texts with few places to go on from, in a guard that remembers what it saw', async () => {
    const long = [
      'aB3x'.repeat(90),
      'a='.repeat(120),
      '-'.repeat(200),
      '"'.repeat(150),
      '_'.repeat(110),
      `${'_'.repeat(9)}a`,
      'key.'.repeat(60),
      'é'.repeat(130),
    ]
    const labelled = fc.tuple(
      fc.constantFrom(...names),
      fc.constantFrom(opaque, 'hunter2!x', ...keys.slice(0, 9), ...others),
    )
    const joined = labelled.map((pair) => pair.join(''))
    const parts = fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(...long), joined)
    const texts = fc.array(parts, { minLength: 2, maxLength: 8 }).map((chosen) => chosen.join(''))
    const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 })
    const guard = createGuard({ output: [detector] })
    await fc.assert(
      fc.asyncProperty(texts, lengths, async (text, cuts) => {
        const stream = (await guard.session()).stream()
        let shown = ''
        for (const chunk of cutInto(text, cuts)) shown += await stream.push(chunk)
        expect(shown + (await stream.end())).toBe(redactWhole(detector, text))
      }),
      { numRuns: 200 },
    )
  })

  it('shows the same one character at a time', () => {
    for (const key of keys.filter(({ length }, index) => length < 150 && index % 2 === 0)) {
      const text = `Set password: hunter2!x, then "${key}" as the token is ${opaque}. Done.`
      expect(redactInChunks(detector, cutInto(text, [1])).text).toBe(redactWhole(detector, text))
    }
  })

  it.each([5, 200])('redacts long keys whole, in pieces of %d', async (length) => {
    const token = (lengths: readonly number[]): string =>
      ['{"alg":"RS256"}', `{"sub":"${drawn('A-Za-z0-9', lengths[0] as number, random)}"}`]
        .map((part) => Buffer.from(part).toString('base64url'))
        .concat(drawn('A-Za-z0-9_', lengths[1] as number, random))
        .join('.')
    const guard = createGuard({ output: [detector] })
    for (const [secret, rule] of [
      [samplePrivateKey('RSA', 110, random), 'PRIVATE_KEY'],
      [samplePrivateKey('OPENSSH', 190, random, '\\n'), 'PRIVATE_KEY'],
      [token([3_000, 600]), 'JWT'],
    ] as const) {
      const text = `Keep "${secret}" from the others, and go on.`
      const redacted = `Keep "[${rule}]" from the others, and go on.`
      expect(redactWhole(detector, text)).toBe(redacted)
      const stream = (await guard.session()).stream()
      let shown = ''
      for (const chunk of cutInto(text, [length])) shown += await stream.push(chunk)
      expect(shown + (await stream.end())).toBe(redacted)
    }
  })

  it.each([
    [
      'an option behind a key',
      `${keys.find((key) => key.startsWith('xapp-')) as string}--token ${opaque}${'aB3x'.repeat(60)}`,
    ],
    [
      'a key without an end, and one in it',
      `${half}password: ${opaque}${half}${half}password: ${opaque} ${'word '.repeat(40)}`,
    ],
  ])('goes on from no place that another pass does not come to: %s', async (_, text) => {
    for (const cut of [1, 2, 5]) {
      const stream = (await createGuard({ output: [detector] }).session()).stream()
      let shown = ''
      for (const chunk of cutInto(text, [cut])) shown += await stream.push(chunk)
      expect(shown + (await stream.end())).toBe(redactWhole(detector, text))
    }
  })

  it.each([[1_999], [7_000], [20_000], [30_000, 1]])(
    'finds a key after an endless word, in pieces of %d',
    async (...cuts) => {
      const stream = (await createGuard({ output: [detector] }).session()).stream()
      const text = `${'aB3x'.repeat(10_000)}-----BEGIN ${samplePrivateKey('EC', 2, random)} ${keys[0] as string}`
      let shown = ''
      for (const chunk of cutInto(text, cuts)) shown += await stream.push(chunk)
      expect(shown + (await stream.end())).toBe(redactWhole(detector, text))
    },
  )

  it('holds an example of a header, with prose after it, for a bounded time', () => {
    const prose = 'Paste what follows, all of it (see the manual), before you go on. '.repeat(300)
    const text = `-----BEGIN PRIVATE KEY-----\n${prose}`
    expect(text.length - detector.stream!.couldGrow(text)).toBeLessThan(5_000)
  })

  it('holds prose back for a character or two', () => {
    const prose =
      'The quick brown fox is told: pass the token to https://example.com/a?b=c and keep the key = safe. '.repeat(8)
    const { meanHeld, maxHeld } = redactInChunks(detector, cutInto(prose, [3, 1, 4]))
    expect(meanHeld).toBeLessThan(2)
    expect(maxHeld).toBeLessThan(40)
  })
})

describe('secrets, linear in time', () => {
  it('has patterns that are proven safe', () => {
    const patterns = new Set(formats.map((format) => bodyPattern(format).source))
    expect(patterns.size).toBeGreaterThan(80)
    for (const pattern of patterns) expect(patternStatus(pattern, 'y'), pattern).toBe('safe')
  })

  it.each([
    ['prose', 'plain words of a text, '],
    ['one long word', 'a'],
    ['key prefixes', 'sk-ant-'],
    ['prefixes apart', 'ghp_ sk- AKIA xoxb- '],
    ['half of a web token', 'eyJhbGciOiJIUzI1NiJ9.eyJ '],
    ['tokens that do not end', 'eyJ.eyJ-'],
    ['headers of private keys', '-----BEGIN RSA PRIVATE KEY-----'],
    ['private keys without an end', '-----BEGIN PRIVATE KEY-----\nAAAABBBBCCCCDDDDEEEEFFFFGGGG\n'],
    ['dashes', '-'],
    ['labels', 'password='],
    ['labels and values', 'api_key: a1B2c3D4e5F6g7H8i9\n'],
    ['colons', ':'],
    ['authorities', '://a:b'],
    ['escapes', '\\n%3D'],
    ['runs almost as long as a key', `${'a'.repeat(18)} `],
    ['words of a sentence', 'this is a token is '],
    ['underscores', '_'],
    ['underscores before a prefix', '________ghp_'],
    ['cells of a table', '| password '],
    ['a table without blanks', '|password|'],
    ['headings of key files', 'Private-Lines: 400\nAAAA\n'],
    ['lines of key files', 'Private-Lines: 400\n'.padEnd(83, 'A1b2') + '\n'],
    ['cookies', 'Cookie: session=a; '],
    ['names of users', 'curl -u a:b:'],
    ['lines of .pgpass', ':5432:a:b'],
    ['lines of .netrc', 'machine login a password '],
    ['signatures', 'sig=%2B'],
    ['ids of bots', '12345678:AA'],
    ['names before a secret', 'aaaaaaaaaaaaaa.atlasv1.'],
  ])('takes twice as long for twice as much: %s', (_, seed) => {
    const check = (text: string): unknown => detector.check(text, { stage: 'input', signal: undefined })
    expect(growth(check, seed, 200_000)).toBeLessThan(3)
  })
})
