import { utimesSync } from 'node:fs'
import { fakeProvider, type FakeProvider } from '@sluice/core/testing'
import { afterEach, expect, it } from 'vitest'
import { coreUrl, openaiUrl, packageUrl, workplace, type Workplace } from '../../fixtures/command.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A suite whose target calls a provider over HTTP, whole and streamed, and whose prompt stands in a file of its own. */
async function callingSuite(): Promise<Workplace & { readonly provider: FakeProvider; readonly url: string }> {
  const provider = fakeProvider()
  provider.on(/refund/, 'Refunds take 30 days.')
  const server = await provider.listen()
  closing.push(() => server.close())
  const place = workplace()
  place.write('prompt.ts', `export const prompt = (question: string): string => question\n`)
  place.write(
    'suite.ts',
    `
import OpenAI from ${JSON.stringify(openaiUrl)}
import { sluice } from ${JSON.stringify(coreUrl)}
import { defineSuite, includes, recordedCalls } from ${JSON.stringify(packageUrl)}
import { prompt } from './prompt.ts'
const openai = sluice(new OpenAI({ apiKey: 'test', baseURL: process.env.PROVIDER, maxRetries: 0 }), [recordedCalls()])
const ask = (content: string) => ({ model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: prompt(content) }] })
export default defineSuite('calling', {
  cases: [
    { id: 'whole', input: 'a refund', expected: '30 days' },
    { id: 'streamed', input: 'my refund, piece by piece', expected: '30 days' },
  ],
  target: async (input: string, { case: { id } }) => {
    if (id === 'whole') return await openai.chat.completions.create(ask(input))
    let text = ''
    for await (const chunk of await openai.chat.completions.create({ ...ask(input), stream: true }))
      text += chunk.choices[0]?.delta.content ?? ''
    return text
  },
  scorers: [includes()],
})
`,
  )
  return { ...place, provider, url: `${server.url}/v1` }
}

it('records calls, and replays them without a network', async () => {
  const { run, provider, url } = await callingSuite()
  const recorded = await run(['run', 'suite.ts', '--repeats', '2', '--record', 'calls.jsonl'], { PROVIDER: url })
  expect(recorded).toMatchObject({ code: 0, stderr: '' })
  provider.expectCalls(4)
  // Nobody listens there.
  const nowhere = { PROVIDER: 'http://127.0.0.1:9/v1' }
  const replayed = await run(['run', 'suite.ts', '--repeats', '2', '--replay', 'calls.jsonl'], nowhere)
  expect(replayed).toMatchObject({ code: 0, stderr: '' })
  expect(replayed.stdout).toContain('1.000')
  expect(replayed.stdout).toContain('4 from cache')
  provider.expectCalls(4)

  // A third trial was not recorded, and a replay makes nothing up.
  const more = await run(['run', 'suite.ts', '--repeats', '3', '--replay', 'calls.jsonl'], { PROVIDER: url })
  expect(more.code).toBe(2)
  expect(more.stdout).toContain('The target failed in 2 of 6 trials.')
  provider.expectCalls(4)
  expect((await run(['run', 'suite.ts', '--replay', 'nothing.jsonl'], { PROVIDER: url })).code).toBe(2)
  provider.expectCalls(4)
})

it('runs again when a file beside the suite changes, and sends only what is new', async () => {
  const { start, provider, url, write, path } = await callingSuite()
  const child = start(['run', 'suite.ts', '--watch', '--html', 'report.html', '--ci'], { PROVIDER: url })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  closing.push(() => child.kill())
  let output = ''
  let noticed = (): void => undefined
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      noticed()
    })
  // A change may be noticed twice, and a run that is under way then begins anew.
  const said = async (text: string): Promise<void> => {
    while (!output.includes(text)) await new Promise<void>((resolve) => (noticed = resolve))
  }
  // The report's last line names the run file.
  await said('.jsonl\n')
  provider.expectCalls(2)

  utimesSync(path('prompt.ts'), new Date(), new Date())
  await said('2 from cache')
  provider.expectCalls(2)

  write('prompt.ts', `export const prompt = (question: string): string => question.replace('my', 'your')\n`)
  await said('1 from cache')
  provider.expectCalls(3)
  expect(output).not.toContain('failed')

  child.kill('SIGINT')
  expect(await ended).toBe(0)
})

it('stops when it is interrupted, keeps what it has, and says how to go on', async () => {
  const { start, run, provider, url } = await callingSuite()
  let asked = (): void => undefined
  const isAsked = new Promise<void>((resolve) => (asked = resolve))
  // A provider that does not answer, and a target that does not look at its signal.
  provider.on(/piece by piece/, async () => {
    asked()
    return await new Promise<never>(() => undefined)
  })
  const child = start(['run', 'suite.ts', '--out', 'run.jsonl'], { PROVIDER: url })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => void (output += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  await isAsked
  child.kill('SIGINT')
  expect(await ended).toBe(2)
  expect(output).toContain('stopped: go on with  sluice-eval run suite.ts --out run.jsonl --resume')
  provider.on(/refund/, 'Refunds take 30 days.')
  const resumed = await run(['run', 'suite.ts', '--out', 'run.jsonl', '--resume'], { PROVIDER: url })
  expect(resumed).toMatchObject({ code: 0, stderr: '' })
})
