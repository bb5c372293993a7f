import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { custom } from '../custom.ts'
import type { Detector } from '../detector.ts'
import { bench } from './bench.ts'
import { wilson } from './measure.ts'
import { logLines } from './lines.ts'
import { readRow, type ReadLogOptions } from './read-log.ts'

const detectors = {
  bad: (): Detector => custom((text) => text.includes('bad') && 'said_bad', { name: 'bad', mode: 'warn' }),
  broken: (): Detector =>
    custom(
      () => {
        throw new Error('no')
      },
      { name: 'broken' },
    ),
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guards-bench-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

/** Runs the command: its exit code and what it printed. */
async function run(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const lines: { out: string[]; error: string[] } = { out: [], error: [] }
  const code = await bench(args, detectors, {
    out: (line) => lines.out.push(line),
    error: (line) => lines.error.push(line),
  })
  return { code, out: lines.out.join('\n'), error: lines.error.join('\n') }
}

const rows = [
  { text: 'a bad one', label: 1, source: 'x' },
  { text: 'unseen', label: 1, source: 'x' },
  { text: 'secret-text bad', label: 0, source: 'y' },
  ...Array.from({ length: 97 }, (_, index) => ({ text: `good ${index}`, label: 0, source: 'y' })),
]
const jsonl = rows.map((row) => JSON.stringify(row)).join('\n')

describe('guards bench', () => {
  it('prints recall, false positives and precision by source, rules and times, and none of the texts', async () => {
    const { code, out } = await run(file('labelled.jsonl', jsonl), '--guard', 'bad')
    expect(code).toBe(0)
    expect(out).toMatch(/^bad: 100 texts, 98 allow, 2 warn$/m)
    expect(out).toMatch(/^ {2}x +2 +50\.0 % \(9\.45 % to 90\.5 %\) +0 +- +100\.0 % \([\d.]+ % to 100\.0 %\)$/m)
    expect(out).toMatch(/^ {2}y +0 +- +98 +1\.02 % \(0\.18 % to 5\.56 %\) +0\.0 % .*$/m)
    expect(out).toMatch(/^ {2}all +2 .* 98 +1\.02 %/m)
    expect(out).toMatch(/rules: 2 said_bad\n {2}found, not labelled bad: line 3\n {2}time: mean .* p99 .* longest/)
    expect(out).not.toContain('secret-text')
  })

  it('takes a log without labels for good traffic, and fails above the rate that it is given', async () => {
    const log = file(
      'log.jsonl',
      '{"messages":[{"role":"system","content":"bad"},{"role":"user","content":"bad"},{"role":"user","content":[{"type":"text","text":"fine"}]}]}\n',
    )
    const { code, out, error } = await run(log, '--guard', 'bad', '--max-fpr', '10')
    expect(out).toMatch(/bad: 2 texts[\s\S]*all +2 +50\.0 %/)
    expect(out).not.toContain('recall')
    expect({ code, error }).toEqual({ code: 1, error: 'bad: more false positives than 10 %' })
    expect((await run(log, '--guard', 'bad', '--max-fpr', '50')).code).toBe(0)
  })

  it('prints JSON', async () => {
    const { out } = await run(file('labelled.jsonl', jsonl), '--guard', 'bad', '--json')
    expect(JSON.parse(out)).toMatchObject({
      texts: 100,
      guards: [{ guard: 'bad', total: { bad: 2, badFound: 1, good: 98, goodFound: 1 }, goodFoundAt: [3], failed: 0 }],
    })
  })

  it('measures detectors of a module, and says where checks fail', async () => {
    const config = file(
      'config.mjs',
      "export default [{ name: 'mine', check: () => ({ action: 'block', score: 1, spans: [], rules: ['r'], explanation: '' }) }]",
    )
    const log = file('labelled.jsonl', jsonl)
    expect((await run(log, '--config', config)).out).toMatch(/^mine: 100 texts, 100 block$/m)
    const empty = await run(log, '--config', file('empty.mjs', 'export default []'))
    expect(empty).toMatchObject({ code: 2, error: expect.stringContaining('must be a list of detectors') })
    const { code, out, error } = await run(log, '--guard', 'broken')
    expect({ code, error }).toEqual({ code: 1, error: 'broken: 100 checks failed' })
    expect(out).toContain('100 checks FAILED')
  })

  it('explains itself', async () => {
    const { code, out } = await run('--help')
    expect(code).toBe(0)
    expect(out).toMatch(/^guards bench <log.jsonl>[\s\S]*bad, broken/)
  })

  it.each<[string[], RegExp]>([
    [[], /^guards bench/],
    [['no-such-file.jsonl', '--guard', 'bad'], /could not be read \(ENOENT\)/],
    [['x.jsonl', '--guard', 'worse'], /no guard "worse"/],
    [['x.jsonl', '--stage', 'middle'], /--stage/],
    [['x.jsonl', '--guard', 'constructor'], /no guard "constructor"/],
    [['x.jsonl', '--guard', 'bad,toString'], /no guard "toString"/],
    [['x.jsonl', '--max-fpr', 'none'], /--max-fpr/],
    [['x.jsonl', '--max-fpr', '-5'], /^--max-fpr must be a number of per cent from 0 to 100, got "-5"\.$/],
    [['x.jsonl', '--max-fpr', '101'], /--max-fpr/],
    [['x.jsonl', '--max-fpr='], /--max-fpr/],
    [['x.jsonl', '--config', '/no/such/module.mjs'], /could not be read/],
    [['x.jsonl', '--unknown'], /unknown/i],
    [['x.jsonl', 'y.jsonl'], /^guards bench/],
  ])('refuses %j', async (args, message) => {
    const { code, error } = await run(...args)
    expect(code).toBe(2)
    expect(error).toMatch(message)
  })

  it('refuses a file without texts', async () => {
    expect(await run(file('empty.jsonl', '{"a":1}\nno json\n[\n'), '--guard', 'bad')).toMatchObject({
      code: 2,
      error: expect.stringContaining('holds no text'),
    })
  })
})

describe('a log', () => {
  it('begins with a mark of its byte order or not', async () => {
    const { out } = await run(file('bom.jsonl', '\ufeff{"text":"a bad one"}\r\n{"text":"fine"}'), '--guard', 'bad')
    expect(out).toMatch(/^bad: 2 texts/m)
    expect(out).not.toContain('no text')
  })

  it('is spoken of by its lines, whatever is on them', async () => {
    const chat =
      '{"messages":[{"role":"user","content":"fine"},{"role":"user","content":"bad"},{"role":"user","content":"so bad"}]}'
    const { out } = await run(file('lines.jsonl', `${chat}\nno json\n\n{"a":1}\n{"text":"bad"}\n`), '--guard', 'bad')
    expect(out).toMatch(/^2 lines hold no text: 2, 4$/m)
    expect(out).toMatch(/found, not labelled bad: lines 1, 5$/m)
  })

  it.each([
    ['on one line', JSON.stringify(rows)],
    ['written over many', JSON.stringify(rows, undefined, 2)],
  ])('may be a JSON array, %s', async (_, content) => {
    const { out } = await run(file('array.json', content), '--guard', 'bad')
    expect(out).toMatch(/^bad: 100 texts, 98 allow, 2 warn$/m)
    expect(out).toMatch(/found, not labelled bad: line 3$/m)
  })

  it('may have an array of messages on each line', async () => {
    const line = '[{"role":"system","content":"bad"},{"role":"user","content":"bad"}]'
    expect((await run(file('arrays.jsonl', line), '--guard', 'bad')).out).toMatch(/^bad: 1 texts/m)
    expect((await run(file('arrays.jsonl', `${line}\n${line}`), '--guard', 'bad')).out).toMatch(/^bad: 2 texts/m)
  })

  it('is named for what it is where it is cut off', async () => {
    const { code, error } = await run(file('cut.json', '[\n  {"text": "a"},\n'), '--guard', 'bad')
    expect({ code, error }).toEqual({ code: 2, error: expect.stringContaining('begins like a JSON array and is none') })
  })

  it('tells of labels that nobody explained, and takes them for none', async () => {
    const log = ['negative', 'ham', 'harmless', 'weird', 'Weird', 0.5, 'a text that is in the wrong field']
      .map((label) => JSON.stringify({ text: 'bad', label }))
      .join('\n')
    const plain = await run(file('labels.jsonl', log), '--guard', 'bad')
    expect(plain.out).toMatch(/^Labels that are not known.*: weird \(2\), \(longer texts\) \(2\)\. .*--bad\.$/m)
    expect(plain.out).not.toContain('recall')
    expect(plain.out).not.toContain('wrong field')
    const named = await run(file('labels.jsonl', log), '--guard', 'bad', '--bad', 'weird, ham', '--json')
    expect(JSON.parse(named.out)).toMatchObject({ unknownLabels: {}, guards: [{ total: { bad: 3, good: 4 } }] })
  })

  it('is read as it comes, not as a whole', async () => {
    let taken = 0
    const endless = async function* () {
      for (;;) {
        taken += 1
        yield '{"text":"a","n":'
        yield `${taken}}\n`
      }
    }
    for await (const { number } of logLines(endless())) if (number === 5) break
    expect(taken).toBeLessThan(8)
  })

  it('may have lines in many pieces', async () => {
    const pieces = async function* () {
      yield* `{"text":"${'x'.repeat(100)}"}\n\n{"text":"y"}`.match(/[^]{1,3}/g) ?? []
    }
    const found: unknown[] = []
    for await (const line of logLines(pieces())) found.push([line.number, (line.value as { text: string }).text.length])
    expect(found).toEqual([
      [1, 100],
      [3, 1],
    ])
  })
})

describe('readRow', () => {
  const texts = (value: unknown, options?: ReadLogOptions) => readRow({ number: 1, value }, options).texts
  const messages = [
    { role: 'system', content: 's' },
    { role: 'user', content: 'a' },
  ]

  it.each<[unknown, string[]]>([
    [{ request: { model: 'm', messages } }, ['a']],
    [{ body: { messages } }, ['a']],
    [{ body: JSON.stringify({ messages }) }, ['a']],
    [{ request: { body: { input: 'a' } }, response: { text: 'b' } }, ['a']],
    [{ params: { input: [{ type: 'function_call_output', call_id: 'c', output: 'a' }] } }, ['a']],
    [
      { messages: [{ role: 'user', content: [{ type: 'tool_result', content: [{ type: 'text', text: 'a' }] }] }] },
      ['a'],
    ],
    [{ text: '', prompt: 'a' }, []],
    ['text', []],
    [undefined, []],
  ])('finds the texts in %j', (value, expected) => {
    expect(texts(value)).toEqual(expected)
  })

  it('takes the field that it is told', () => {
    expect(texts({ q: 'b', text: 'a' }, { textField: 'q' })).toEqual(['b'])
    expect(texts({ call: { 'a.b': { q: 'b' } } }, { textField: 'call.q' })).toEqual([])
    expect(texts({ call: { asked: { q: 'b' } } }, { textField: 'call.asked.q' })).toEqual(['b'])
    expect(texts({ 'call.q': 'b' }, { textField: 'call.q' })).toEqual(['b'])
    expect(texts({ a: 1 }, { textField: 'constructor.name' })).toEqual([])
  })

  it.each([
    ['benign', false],
    ['negative', false],
    ['Ham', false],
    [0, false],
    [false, false],
    ['1', true],
    ['jailbreak', true],
    [true, true],
    [null, undefined],
  ])('reads the label %j', (label, isBad) => {
    const row = readRow({ number: 7, value: { text: 'a', label, source: 'x' } })
    expect(row).toEqual({ line: 7, texts: ['a'], source: 'x', ...(isBad !== undefined && { isBad }) })
  })

  it('takes labels and sources from other fields', () => {
    const value = { text: 'a', meta: { verdict: 'evil', from: 'z' } }
    const options = { labelField: 'meta.verdict', sourceField: 'meta.from', badLabels: ['Evil'] }
    expect(readRow({ number: 1, value }, options)).toEqual({ line: 1, texts: ['a'], source: 'z', isBad: true })
    expect(readRow({ number: 1, value }, { ...options, badLabels: ['good'] })).toMatchObject({ isBad: false })
  })
})

describe('wilson', () => {
  it('gives the interval of a share', () => {
    expect(wilson(0, 100)).toMatchObject({ share: 0, low: 0, high: expect.closeTo(0.037, 3) })
    expect(wilson(5, 10)).toMatchObject({ low: expect.closeTo(0.2366, 3), high: expect.closeTo(0.7634, 3) })
    expect(wilson(0, 0)).toEqual({ share: 0, low: 0, high: 1 })
  })
})
