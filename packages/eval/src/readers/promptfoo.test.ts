import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Score } from '../score/scorer.ts'
import { collectCases } from '../suite/collect-cases.ts'
import { defineSuite } from '../suite/suite.ts'
import { promptfooAssertions } from './promptfoo-assertions.ts'
import { promptfooTests, type PromptfooAssertion } from './promptfoo.ts'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-eval-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const fileOf = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}
const read = (file: string) => collectCases('promptfoo', promptfooTests(file))

const config = `
description: Support answers
prompts: [prompts.txt]
providers: [openai:gpt-4o-mini]
defaultTest:
  vars: { tone: kind, language: English }
  assert:
    - type: not-contains
      value: As an AI
tests:
  - description: refunds
    vars: { language: German, question: How long does a refund take? }
    assert:
      - { type: icontains, value: five days }
      - { type: llm-rubric, value: Says how long a refund takes. }
  - vars: { question: Hi }
`

describe('promptfooTests', () => {
  it('reads the tests of a configuration, with what is default', async () => {
    const cases = await read(fileOf('promptfooconfig.yaml', config))
    expect(cases).toMatchObject([
      {
        input: { tone: 'kind', language: 'German', question: 'How long does a refund take?' },
        expected: {
          assertions: [
            { type: 'not-contains', value: 'As an AI' },
            { type: 'icontains', value: 'five days' },
          ],
        },
        criteria: ['Says how long a refund takes.'],
        tags: ['refunds'],
      },
      { input: { tone: 'kind', language: 'English', question: 'Hi' } },
    ])
    expect(cases[1]).not.toHaveProperty('criteria')
  })

  it('reads JSON, a list of tests, and tests in files of their own', async () => {
    const tests = [{ vars: { a: '1' } }, { vars: { a: '2' } }]
    const expected = [{ input: { a: '1' } }, { input: { a: '2' } }]
    expect(await read(fileOf('config.json', JSON.stringify({ tests })))).toMatchObject(expected)
    expect(await read(fileOf('tests.yaml', '- vars: { a: "1" }\n- vars: { a: "2" }\n'))).toMatchObject(expected)
    expect(await read(fileOf('config.yaml', 'tests: file://tests.yaml\n'))).toMatchObject(expected)
    expect(await read(fileOf('several.yaml', 'tests:\n  - file://tests.yaml\n  - vars: { a: "3" }\n'))).toHaveLength(3)
  })

  it('reads the CSV form, whose assertions are texts', async () => {
    const rows = [
      'question,__expected,__expected2,__description',
      'How long?,icontains: five,"contains-any: days,weeks",refunds',
      'Which page?,https://example.com/a,levenshtein(3): Paris,',
      'How kind?,grade: Is kind.,not-icontains:rude,',
      'Plain?,Yes,is-json,',
    ]
    const cases = await read(fileOf('tests.csv', `${rows.join('\n')}\n`))
    expect(cases).toMatchObject([
      {
        input: { question: 'How long?' },
        expected: {
          assertions: [
            { type: 'icontains', value: 'five' },
            { type: 'contains-any', value: 'days,weeks' },
          ],
        },
        tags: ['refunds'],
      },
      // A text with a colon is a text, and what stands in brackets is not passed over.
      {
        expected: {
          assertions: [
            { type: 'equals', value: 'https://example.com/a' },
            { type: 'levenshtein', value: 'Paris', threshold: 3 },
          ],
        },
      },
      { criteria: ['Is kind.'], expected: { assertions: [{ type: 'not-icontains', value: 'rude' }] } },
      { expected: { assertions: [{ type: 'equals', value: 'Yes' }, { type: 'is-json' }] } },
    ])
  })

  it.each([
    ['a.yaml', 'prompts: [a]\n', 1, 'has no "tests"'],
    ['a.yaml', '', 1, 'has no "tests"'],
    ['a.yaml', 'just text', 1, 'has no "tests"'],
    ['a.yaml', 'tests:\n  - vars: {}\n  - 7\n', 2, 'no object'],
    ['a.yaml', 'tests: [', 1, 'is not YAML'],
    ['a.yaml', 'tests:\n  - vars: {}\n    assert: contains\n', 1, '"assert"'],
    ['a.json', '{"tests": [{"vars": {}}, null]}', 2, 'no object'],
  ])('names what is bad in %s: %j', async (name, text, entry, why) => {
    const file = fileOf(name, text)
    const bad = read(file)
    await expect(bad).rejects.toMatchObject({ code: 'eval.bad_case', details: { file, entry } })
    await expect(bad).rejects.toThrow(why)
  })

  it('says what file is not there', async () => {
    await expect(read('nowhere.yaml')).rejects.toMatchObject({ code: 'eval.no_file' })
    await expect(read(fileOf('config.yaml', 'tests: file://nowhere.yaml'))).rejects.toMatchObject({
      code: 'eval.no_file',
    })
  })
})

describe('promptfooAssertions', () => {
  async function scoreOf(output: string, ...assertions: PromptfooAssertion[]): Promise<Score | undefined> {
    const suite = defineSuite('promptfoo', {
      cases: [{ input: 'x', expected: { assertions } }],
      target: () => output,
      scorers: [promptfooAssertions()],
    })
    return (await suite.run()).trials[0]?.scores['promptfoo']
  }
  const text = 'Refunds take five days.'

  it.each<[boolean, PromptfooAssertion]>([
    [true, { type: 'equals', value: ' Refunds take five days. ' }],
    [false, { type: 'equals', value: 'Refunds' }],
    [true, { type: 'contains', value: 'five' }],
    [false, { type: 'contains', value: 'FIVE' }],
    [true, { type: 'icontains', value: 'FIVE' }],
    [true, { type: 'contains-any', value: ['six', 'five'] }],
    [true, { type: 'contains-any', value: 'six, five' }],
    [false, { type: 'contains-all', value: ['six', 'five'] }],
    [true, { type: 'contains-all', value: ['days', 'five'] }],
    [true, { type: 'icontains-any', value: ['SIX', 'FIVE'] }],
    [false, { type: 'icontains-all', value: ['SIX', 'FIVE'] }],
    [true, { type: 'starts-with', value: 'Refunds' }],
    [true, { type: 'regex', value: '\\bfive\\b' }],
    [false, { type: 'is-json' }],
    [true, { type: 'levenshtein', value: 'Refunds take nine days.' }],
    [false, { type: 'levenshtein', value: 'Refunds take nine days.', threshold: 1 }],
    [true, { type: 'latency', threshold: 60_000 }],
    [false, { type: 'not-contains', value: 'five' }],
    [true, { type: 'not-is-json' }],
  ])('scores %s for %j', async (holds, assertion) => {
    expect(await scoreOf(text, assertion)).toMatchObject({ status: 'scored', score: holds ? 1 : 0 })
  })

  it('weighs them, and names those that do not hold', async () => {
    const score = await scoreOf(
      text,
      { type: 'contains', value: 'five' },
      { type: 'contains', value: 'six', weight: 3 },
    )
    expect(score).toEqual({ status: 'scored', score: 0.25, evidence: { failed: ['contains'] } })
    expect(await scoreOf('{"a":1, "b":2}', { type: 'equals', value: { b: 2, a: 1 } })).toMatchObject({ score: 1 })
    expect(await scoreOf(text)).toMatchObject({ score: 1 })
  })

  it('leaves unscored what it cannot check, and says what', async () => {
    for (const type of ['javascript', 'llm-rubric', 'similar', 'constructor', 'cost'])
      expect(await scoreOf(text, { type: 'contains', value: 'five' }, { type, threshold: 1 })).toEqual({
        status: 'unscored',
        reason: 'unsupported_assertion',
        evidence: { type },
      })
    expect(await scoreOf(text, { type: 'regex', value: '(' })).toMatchObject({ status: 'errored' })
  })
})
