import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CaseSource, RunCase } from '../suite/case.ts'
import { collectCases } from '../suite/collect-cases.ts'
import { csv } from './csv.ts'
import { jsonl } from './jsonl.ts'
import { openaiEvals } from './openai-evals.ts'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-eval-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const fileOf = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}
const read = <Input, Expected>(source: CaseSource<Input, Expected>): Promise<readonly RunCase<Input, Expected>[]> =>
  collectCases('read', source)

describe('jsonl', () => {
  it('reads a case a line, whatever the ends of lines are', async () => {
    const text = '\uFEFF{"id":"a","input":"x","expected":"y","tags":["t"]}\r\n\r\n{"id":"b","input":{"n":1}}'
    expect(await read(jsonl(fileOf('cases.jsonl', text)))).toEqual([
      { id: 'a', input: 'x', expected: 'y', tags: ['t'], cluster: 'a' },
      { id: 'b', input: { n: 1 }, cluster: 'b' },
    ])
  })

  it('takes other fields by a map, and can be read twice', async () => {
    const source = jsonl(fileOf('cases.jsonl', '{"q":"x"}\n\n{"q":"y"}\n'), ({ q }, line) => ({
      id: `line ${line}`,
      input: q,
    }))
    for (let times = 0; times < 2; times += 1)
      expect((await read(source)).map(({ id, input }) => [id, input])).toEqual([
        ['line 1', 'x'],
        ['line 3', 'y'],
      ])
  })

  it.each([
    ['{"input":1}\n{"input"\n', 2, 'not JSON'],
    ['{"input":1}\n\n[1]\n', 3, 'no object'],
    ['null', 1, 'no object'],
  ])('names the line of %j that is bad, and does not repeat it', async (text, entry, why) => {
    const file = fileOf('cases.jsonl', text)
    const bad = read(jsonl(file))
    await expect(bad).rejects.toMatchObject({ code: 'eval.bad_case', details: { file, entry } })
    await expect(bad).rejects.toThrow(`Entry ${entry} of "${file}" is ${why}.`)
  })

  it('says what file is not there', async () => {
    await expect(read(jsonl('nowhere.jsonl'))).rejects.toMatchObject({ code: 'eval.no_file' })
    await expect(read(jsonl(fileOf('empty.jsonl', '\n')))).rejects.toMatchObject({ code: 'eval.no_cases' })
  })
})

describe('csv', () => {
  it('reads the columns of a case, and leaves out others', async () => {
    const text =
      'id,input,expected,tags,criteria,cluster,note\na,"x, ""quoted""\nand on",y,t|u,Is kind.|Is short.,doc,n\n,z,,,,,\n'
    expect(await read(csv(fileOf('cases.csv', `\uFEFF${text}`)))).toEqual([
      {
        id: 'a',
        input: 'x, "quoted"\nand on',
        expected: 'y',
        tags: ['t', 'u'],
        criteria: ['Is kind.', 'Is short.'],
        cluster: 'doc',
      },
      { id: expect.stringMatching(/^[0-9a-f]{16}$/), input: 'z', cluster: expect.any(String) },
    ])
  })

  it('takes other columns by a map', async () => {
    const cases = await read(
      csv(fileOf('cases.csv', 'q,a\n1,2\n3,4\n'), ({ q = '', a = '' }, number) => ({
        id: `${number}`,
        input: q,
        expected: a,
      })),
    )
    expect(cases.map(({ id, input, expected }) => [id, input, expected])).toEqual([
      ['1', '1', '2'],
      ['2', '3', '4'],
    ])
  })

  it.each([
    ['question,expected\nx,y\n', 1],
    ['input,expected\nx,y\nz,w,too much\n', 3],
    ['input\n"never closed\n', 2],
  ])('names what is bad in %j', async (text, entry) => {
    await expect(read(csv(fileOf('cases.csv', text)))).rejects.toMatchObject({
      code: 'eval.bad_case',
      details: { entry },
    })
  })

  it('says what file is not there', async () => {
    await expect(read(csv('nowhere.csv'))).rejects.toMatchObject({ code: 'eval.no_file' })
  })
})

describe('openaiEvals', () => {
  it('reads messages and texts, and what is ideal', async () => {
    const lines = [
      {
        input: [
          { role: 'system', content: 'Be short.' },
          { role: 'user', content: '2 + 2?' },
        ],
        ideal: '4',
      },
      { input: 'Capital of France?', ideal: ['Paris', 'It is Paris.'] },
      { item: { input: 'Hello' } },
    ]
    const cases = await read(openaiEvals(fileOf('evals.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'))))
    expect(cases).toMatchObject([
      { input: lines[0]?.input, expected: '4' },
      { input: [{ role: 'user', content: 'Capital of France?' }], expected: ['Paris', 'It is Paris.'] },
      { input: [{ role: 'user', content: 'Hello' }] },
    ])
    expect(cases[2]).not.toHaveProperty('expected')
  })

  it('takes the fields of an item by a map', async () => {
    const file = fileOf('evals.jsonl', '{"item":{"ticket":"My printer is on fire.","label":"Hardware"}}\n')
    const cases = await read(
      openaiEvals(file, ({ ticket, label }) => ({
        input: [{ role: 'user', content: String(ticket) }],
        expected: String(label),
      })),
    )
    expect(cases).toMatchObject([{ input: [{ content: 'My printer is on fire.' }], expected: 'Hardware' }])
  })

  it('names the line that has no input', async () => {
    const file = fileOf('evals.jsonl', '{"input":"a"}\n{"item":{"ticket":"b"}}\n')
    await expect(read(openaiEvals(file))).rejects.toMatchObject({ code: 'eval.bad_case', details: { file, entry: 2 } })
  })
})
