import { fakeProvider } from '@sluice/core/testing'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runDemo, type DemoRun } from './demo.ts'
import { parseOptions, type DemoOptions } from './options.ts'
import { showProgress } from './progress.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

async function run(
  args: string[],
  env: Record<string, string> = {},
  signal = new AbortController().signal,
): Promise<DemoRun> {
  const options = parseOptions(args, env) as DemoOptions
  return runDemo(options, { signal, progress: { write: () => undefined }, bold: (text) => text })
}

/** The tally without what depends on the speed of the machine. */
const countsOf = ({ tally: { latencies, ...counts } }: DemoRun): object => ({
  ...counts,
  n: latencies.map(({ summary }) => summary.n),
})

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function start(
  args: string[],
  env: Record<string, string> = {},
  onOutput?: (kill: () => void) => void,
): Promise<Ended> {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['--conditions=@sluice/source', main, ...args], { env: { PATH, ...env } })
  let out = ''
  let err = ''
  child.stdout.on('data', (data: Buffer) => (out += String(data)))
  child.stderr.on('data', (data: Buffer) => {
    err += String(data)
    onOutput?.(() => child.kill('SIGINT'))
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

describe('the demo', () => {
  it('makes the same of the same seed, and answers what can be answered', async () => {
    const args = ['--calls', '60', '--seed', '3']
    const first = await run(args)
    const { calls, cache, wireCalls } = first.tally
    expect(calls.whole + calls.streamed).toBe(60)
    expect(calls.answered + calls.failed).toBe(60)
    expect(calls.answered).toBeGreaterThan(55)
    expect(
      cache.decisions.reduce((sum, [action, count]) => sum + (action === 'store' ? 0 : count), 0),
    ).toBeGreaterThanOrEqual(60)
    expect(wireCalls).toBeGreaterThan(30)
    expect(countsOf(await run([...args, '--concurrency', '7']))).toEqual(countsOf(first))
  })

  it('fails nowhere without faults, and repeats are hits', async () => {
    const input = fileURLToPath(new URL('fixtures/three.jsonl', import.meta.url))
    const { tally } = await run(['--calls', '20', '--no-faults', '--input', input])
    expect(tally).toMatchObject({ calls: { answered: 20, failed: 0 }, errors: [], wireCalls: 3, retry: { calls: 0 } })
    expect(tally.cache.hitsWhole + tally.cache.hitsStreamed).toBe(17)
    expect(tally.savedNanoUsd).toBeGreaterThan(0)
  })

  it('calls a real endpoint when the environment names one', async () => {
    const provider = fakeProvider()
    await using server = await provider.listen()
    const { screen, tally } = await run(['--calls', '5'], { SLUICE_BASE_URL: `${server.url}/v1` })
    expect(screen.join('\n')).toMatch(/REAL endpoint 127\.0\.0\.1:\d+, gpt-5: these calls cost real money/)
    expect(screen.join('\n')).toContain('does not know the prices')
    expect(tally.calls.answered).toBe(5)
    expect(provider.callsTo('gpt-5')).toHaveLength(tally.wireCalls)
    expect(provider.lastCall?.headers['x-demo-call']).toBeUndefined()
  })

  it('says what is wrong with an endpoint that is none', async () => {
    await expect(run(['--calls', '5'], { SLUICE_BASE_URL: 'http://127.0.0.1:9/v1' })).rejects.toThrow(
      'Name one with SLUICE_MODEL',
    )
  })
})

describe('npm start', () => {
  it('ends with one screen and exit code 0', async () => {
    const { code, out, err } = await start(['--calls', '30'], { NO_COLOR: '1' })
    expect({ code, lines: out.trimEnd().split('\n').length <= 45 }).toEqual({ code: 0, lines: true })
    expect(out).toContain('What the application saw')
    expect(out).not.toContain('\u001B')
    expect(err.trimEnd().split('\n').at(-1)).toMatch(/^30\/30 calls/)
  })

  it('ends with the screen so far on ctrl-C', async () => {
    const { code, out } = await start(['--calls', '2000'], {}, (kill) => kill())
    expect(code).toBe(0)
    expect(out).toContain('STOPPED EARLY')
    expect(out).toMatch(/requests for \d{2,3} calls/)
  })

  it('helps', async () => {
    const { code, out } = await start(['--help'])
    expect(code).toBe(0)
    expect(out).toContain('--no-faults')
  })

  it('names an option that it does not know', async () => {
    const { code, err } = await start(['--fast'])
    expect(code).toBe(1)
    expect(err).toBe("Unknown option '--fast'. The options are shown by --help.\n")
  })
})

describe('showProgress', () => {
  const shown = (isTTY: boolean, total: number): string[] => {
    const written: string[] = []
    const progress = showProgress(total, { isTTY, write: (text) => written.push(text) })
    for (let step = 0; step < total; step += 1) progress.step(step === 1)
    progress.end()
    return written
  }

  it('draws a bar on a terminal and takes it away', () => {
    const written = shown(true, 4)
    expect(written).toHaveLength(5)
    expect(written[1]).toBe(`\r[${'#'.repeat(20)}${'.'.repeat(20)}] 2/4 calls, 1 failed\u001B[K`)
    expect(written[4]).toBe('\r\u001B[K')
  })

  it('writes a line at every tenth elsewhere', () => {
    expect(shown(false, 1000)).toHaveLength(10)
    expect(shown(false, 1000).at(-1)).toBe('1000/1000 calls, 1 failed\n')
    expect(shown(false, 3)).toHaveLength(3)
  })
})
