import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../../fixtures/browser.ts'
import { hostileTexts } from '../../fixtures/hostile-texts.ts'
import { runOf, type CaseOf } from '../../fixtures/run-of.ts'
import { compare } from '../compare/compare.ts'
import { junitReport } from './junit.ts'

interface Read {
  readonly error: string | undefined
  readonly counts: Readonly<Record<string, string>>
  readonly tests: readonly { readonly name: string; readonly suite: string; readonly outcomes: readonly string[] }[]
}

let browser: Browser
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
  page = await browser.newPage()
})
afterAll(async () => await browser?.close())

/** What a strict parser of XML makes of a report: the browser's. */
async function read(xml: string): Promise<Read> {
  return (await page.evaluate(`{
    const found = new DOMParser().parseFromString(${JSON.stringify(xml)}, 'application/xml')
    const suite = found.querySelector('testsuite')
    ;({
      error: found.querySelector('parsererror')?.textContent,
      counts: Object.fromEntries([...(suite?.attributes ?? [])].map(({ name, value }) => [name, value])),
      tests: [...found.querySelectorAll('testcase')].map((test) => ({
        name: test.getAttribute('name'),
        suite: test.getAttribute('classname'),
        outcomes: [...test.children].map(({ tagName }) => tagName),
      })),
    })
  }`)) as Read
}

describe('junitReport', () => {
  it('is well-formed XML whatever ids, names and errors hold, and keeps names apart', async () => {
    const cases = hostileTexts.map((text): CaseOf => ({ id: text, scores: [0] }))
    const failing = hostileTexts.map((text): CaseOf => ({
      id: `failed ${text}`,
      scores: [0],
      error: { name: 'Error', code: text, message: text },
    }))
    const name = hostileTexts.join(' ')
    const run = runOf({ name, scorers: { [name]: '1' }, cases: [...cases, ...failing] })
    const { error, tests } = await read(junitReport({ run }))
    expect(error).toBeUndefined()
    expect(tests).toHaveLength(2 * hostileTexts.length)
    expect(new Set(tests.map((test) => test.name)).size).toBe(tests.length)
    const holdable = hostileTexts.filter((text) => !text.includes('\u0000'))
    const names = tests.map((test) => test.name)
    for (const text of holdable) expect(names).toContain(text)
    expect(names).toContain('&amp; &lt; &#0; \\u0000 \\u0007 \\ufffe \\ud800 end')
    expect(tests.filter(({ outcomes }) => outcomes.join() === 'error')).toHaveLength(hostileTexts.length)
  })

  it('tells failures, errors, skipped and flaky cases apart, and counts them', async () => {
    const run = runOf({
      cases: [
        { id: 'passes', scores: [1, 1] },
        { id: 'fails', scores: [0, 0] },
        { id: 'flaky', scores: [0, 1] },
        { id: 'unscored', scores: [{ status: 'unscored', reason: 'no_expected' }] },
        { id: 'errs', scores: [0, 0], error: { name: 'Error', code: 'eval.timeout', message: 'too long' } },
      ],
    })
    const { tests, counts } = await read(junitReport({ run }))
    expect(tests.map(({ name, outcomes }) => [name, ...outcomes])).toEqual([
      ['passes'],
      ['fails', 'failure'],
      ['flaky', 'system-out'],
      ['unscored', 'skipped'],
      ['errs', 'error'],
    ])
    expect(counts).toMatchObject({ name: 'suite', tests: '5', failures: '1', errors: '1', skipped: '1' })
  })

  it('names a case the same however often it is tried and whatever stands before it', async () => {
    const names = async (cases: readonly CaseOf[]): Promise<readonly string[]> =>
      (await read(junitReport({ run: runOf({ cases }) }))).tests.map(({ suite, name }) => `${suite} ${name}`)
    const first = await names([{ id: 'b', scores: [1] }])
    const second = await names([
      { id: 'a', scores: [1, 1, 1] },
      { id: 'b', scores: [1, 0, 1] },
    ])
    expect(second).toContain(first[0])
  })

  it('has a test for each verdict', async () => {
    const run = runOf({ cases: Array.from({ length: 40 }, (_, index) => ({ id: `c${index}`, scores: [index % 2] })) })
    const baseline = runOf({ cases: Array.from({ length: 40 }, (_, index) => ({ id: `c${index}`, scores: [1] })) })
    const of = async (input: Parameters<typeof junitReport>[0]): Promise<unknown> =>
      (await read(junitReport(input))).tests.find(({ name }) => name === 'verdict.pass')
    expect(await of({ run, baseline, comparison: compare(run, baseline) })).toMatchObject({ outcomes: ['failure'] })
    expect(await of({ run: baseline, comparison: compare(baseline, baseline) })).toMatchObject({ outcomes: [] })
  })
})
