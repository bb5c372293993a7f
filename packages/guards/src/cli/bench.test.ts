import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { custom } from '../custom.ts'
import type { Detector } from '../detector.ts'
import { bench } from './bench.ts'
import { wilson } from './measure.ts'
import { readLog } from './read-log.ts'

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
    expect(out).toMatch(/rules: 2 said_bad\n {2}found, not labelled bad: texts 3\n {2}time: mean .* p99 .* longest/)
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
    [['no-such-file.jsonl', '--guard', 'bad'], /could not be read/],
    [['x.jsonl', '--guard', 'worse'], /no guard "worse"/],
    [['x.jsonl', '--stage', 'middle'], /--stage/],
    [['x.jsonl', '--max-fpr', 'none'], /--max-fpr/],
    [['x.jsonl', '--config', '/no/such/module.mjs'], /could not be read/],
    [['x.jsonl', '--unknown'], /unknown/i],
    [['x.jsonl', 'y.jsonl'], /^guards bench/],
  ])('refuses %j', async (args, message) => {
    const { code, error } = await run(...args)
    expect(code).toBe(2)
    expect(error).toMatch(message)
  })

  it('refuses a file without texts', async () => {
    expect(await run(file('empty.jsonl', '{"a":1}\nno json\n'), '--guard', 'bad')).toMatchObject({
      code: 2,
      error: expect.stringContaining('holds no text'),
    })
  })
})

describe('readLog', () => {
  it('reads labels of many spellings, and names lines without a text', () => {
    const { texts, unread } = readLog(
      '{"text":"a","label":"benign"}\n{"q":"b","bad":true}\n\n{"text":""}\n{"text":"c","label":"1"}\n5',
    )
    expect(texts).toEqual([
      { text: 'a', source: 'all', isBad: false },
      { text: 'c', source: 'all', isBad: true },
    ])
    expect(unread).toEqual([2, 4, 6])
    const other = readLog('{"q":"b","bad":true,"from":"z"}', { textField: 'q', labelField: 'bad', sourceField: 'from' })
    expect(other.texts).toEqual([{ text: 'b', source: 'z', isBad: true }])
  })
})

describe('wilson', () => {
  it('gives the interval of a share', () => {
    expect(wilson(0, 100)).toMatchObject({ share: 0, low: 0, high: expect.closeTo(0.037, 3) })
    expect(wilson(5, 10)).toMatchObject({ low: expect.closeTo(0.2366, 3), high: expect.closeTo(0.7634, 3) })
    expect(wilson(0, 0)).toEqual({ share: 0, low: 0, high: 1 })
  })
})
