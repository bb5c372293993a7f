import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../../fixtures/browser.ts'
import { hostileTexts } from '../../fixtures/hostile-texts.ts'
import { runOf } from '../../fixtures/run-of.ts'
import { compare } from '../compare/compare.ts'
import { htmlReport } from './html.ts'

let browser: Browser
const requests: string[] = []
const complaints: string[] = []

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => await browser?.close())

/** Opens a report from a file, as somebody who was sent it would. */
async function opened(html: string): Promise<Page> {
  const page = await browser.newPage()
  page.on('request', (request) => void requests.push(request.url()))
  page.on('pageerror', (error) => void complaints.push(String(error)))
  const file = join(mkdtempSync(join(tmpdir(), 'report-')), 'report.html')
  writeFileSync(file, html)
  await page.goto(pathToFileURL(file).href)
  return page
}

describe('htmlReport of hostile outputs', () => {
  let page: Page

  beforeAll(async () => {
    const cases = hostileTexts.map((text) => ({ id: text, outputs: [text], scores: [0], tags: [text] }))
    const run = runOf({ name: hostileTexts[0] as string, cases })
    const baseline = runOf({ name: 's', cases: cases.map((entry) => ({ ...entry, outputs: ['fine'], scores: [1] })) })
    const inputs = new Map(hostileTexts.map((text) => [text, { input: text, expected: text }]))
    page = await opened(htmlReport({ run, baseline, comparison: compare(run, baseline) }, { cases: inputs }))
  })

  it('shows every case and runs nothing of it', async () => {
    const rows = await page.$$('#list .row')
    expect(rows).toHaveLength(hostileTexts.length)
    for (const [index, text] of hostileTexts.entries()) {
      await page.evaluate(`document.querySelectorAll('#list .row')[${index}].click()`)
      expect(await page.$eval('#detail', (detail) => detail.querySelectorAll('script, img, svg, iframe').length)).toBe(
        0,
      )
      expect(await page.$eval('#detail h2', (title) => title.textContent)).toBe(text)
    }
    expect(await page.evaluate(`"ran" in window`)).toBe(false)
    expect(await page.evaluate(`document.querySelectorAll('base, iframe, img').length`)).toBe(0)
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([])
    expect(complaints).toEqual([])
  })

  it('filters by words and kind', async () => {
    await page.type('#words', 'onerror')
    expect(await page.$eval('#count', (count) => count.textContent)).toBe(`1 of ${hostileTexts.length} cases`)
    await page.select('#kind', 'unscored')
    expect(await page.$eval('#count', (count) => count.textContent)).toBe(`0 of ${hostileTexts.length} cases`)
  })

  it('draws the forest plot', async () => {
    expect(await page.$$eval('#forest circle', (circles) => circles.length)).toBe(1)
  })

  it('keeps its policy: a script that gets in does not run, and nothing is fetched', async () => {
    let hits = 0
    const server = createServer((_, response) => {
      hits += 1
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await page.evaluate(`{
      const script = document.createElement('script')
      script.textContent = 'window.ran = 1'
      document.body.append(script)
    }`)
    const loaded = `new Promise((resolve) => {
      const image = new Image()
      image.onload = () => resolve('sent')
      image.onerror = () => resolve('refused')
      image.src = '${url}'
    })`
    expect(await page.evaluate(loaded)).toBe('refused')
    expect(await page.evaluate(`fetch('${url}').then(() => 'sent', () => 'refused')`)).toBe('refused')
    expect(await page.evaluate(`"ran" in window`)).toBe(false)
    expect(hits).toBe(0)
    // The server can be reached by whoever may.
    await fetch(url)
    expect(hits).toBe(1)
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('htmlReport', () => {
  it('shows outputs side by side, what changed in them, and what the judge saw', async () => {
    const evidence = { criteria: [{ id: 'c1', question: 'Polite?', met: 'no', evidence: 'says "go away"' }] }
    const run = runOf({
      cases: [{ id: 'a', outputs: ['Please go away now'], scores: [{ status: 'scored', score: 0, evidence }] }],
    })
    const baseline = runOf({ cases: [{ id: 'a', outputs: ['Please come in now'], scores: [1] }] })
    const page = await opened(htmlReport({ run, baseline }))
    await page.click('#list .row')
    const texts = async (selector: string): Promise<readonly (string | null)[]> =>
      await page.$$eval(selector, (nodes) => nodes.map((node) => node.textContent))
    expect(await texts('#detail .sides pre:first-of-type')).toEqual(['Please come in now', 'Please go away now'])
    expect(await texts('#detail del')).toEqual(['come', 'in'])
    expect(await texts('#detail ins')).toEqual(['go', 'away'])
    expect((await texts('#detail pre')).join()).toContain('says \\"go away\\"')
    await page.close()
  })

  it('opens 50,000 cases at once, finds one among them, and draws only what is in view', async () => {
    const count = 50_000
    const cases = Array.from({ length: count }, (_, index) => ({
      id: `case-${index}`,
      outputs: [`answer ${index}`],
      scores: [index % 7 === 0 ? 0 : 1],
    }))
    const html = htmlReport({ run: runOf({ cases }) })
    const page = await opened(html)
    // Of the browser itself: seconds of work of its main thread since the page began, whoever else is busy.
    const { TaskDuration = Infinity } = await page.metrics()
    expect(TaskDuration).toBeLessThan(20)
    const rows = async (): Promise<readonly (string | null)[]> =>
      await page.$$eval('#list .row', (nodes) => nodes.map((node) => node.textContent))
    expect((await rows()).length).toBeLessThan(60)
    await page.evaluate(`document.getElementById('list').scrollTop = 1e9`)
    await page.waitForFunction(
      `[...document.querySelectorAll('#list .row')].at(-1).textContent.startsWith('case-49999')`,
    )
    expect((await rows()).length).toBeLessThan(60)
    await page.type('#words', 'case-43210')
    expect(await page.$eval('#count', (node) => node.textContent)).toBe(`1 of ${count} cases`)
    expect(await rows()).toEqual([expect.stringMatching(/^case-43210 /)])
    expect(complaints).toEqual([])
    await page.close()
  })
})
