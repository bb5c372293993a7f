import { fakeProvider } from '@sluice/core/testing'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runDemo, type DemoRun } from './demo.ts'
import { parseOptions, type DemoOptions } from './options.ts'
import { showProgress } from './progress.ts'
import type { Counts } from './tally.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

async function run(
  args: string[],
  env: Record<string, string> = {},
  signal = new AbortController().signal,
): Promise<DemoRun> {
  const options = parseOptions(args, env) as DemoOptions
  return runDemo(options, { signal, progress: { write: () => undefined }, bold: (text) => text, isColored: false })
}

/** The tally without what depends on the speed of the machine: who is asked while a target is left alone, and its price. */
const countsOf = ({ tally }: DemoRun): object => {
  const { calls, errors, right, guards, latencies } = tally
  const { savedNanoUsd: _, ...cache } = tally.cache
  const { savedNanoUsd: __, ...cascade } = tally.cascade
  return { calls, errors, right, guards, cache, cascade, n: latencies.map(({ summary }) => summary.n) }
}

const sum = (counts: Counts): number => counts.reduce((total, [, count]) => total + count, 0)

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
  const { PATH, TMPDIR, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, ['--conditions=@sluice/source', main, ...args], {
    env: { PATH, TMPDIR, NODE_COMPILE_CACHE, ...env },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (data: Buffer) => (out += String(data)))
  child.stderr.on('data', (data: Buffer) => {
    err += String(data)
    onOutput?.(() => child.kill('SIGINT'))
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

/** Whole runs, of a few seconds each on a machine that does nothing else. */
describe('the demo', () => {
  it('answers what can be answered', async () => {
    const { tally: counts } = await run(['--calls', '60', '--seed', '3'])
    const { calls, cache, cascade, wireCalls } = counts
    expect(calls.whole + calls.streamed).toBe(60)
    expect(calls.answered + calls.failed).toBe(60)
    expect(calls.answered).toBeGreaterThan(55)
    expect(
      cache.decisions.reduce((sum, [action, count]) => sum + (action === 'store' ? 0 : count), 0),
    ).toBeGreaterThanOrEqual(60)
    expect(cascade.accepted).toBeGreaterThan(5)
    expect(cascade.accepted + sum(cascade.escalated)).toBe(cascade.calls)
    expect(wireCalls).toBeGreaterThan(30)
  })

  it('makes the same of the same seed, however many customers write at a time', async () => {
    // Who is asked during an outage, and with that what is kept, is a matter of time; without one nothing is.
    const calm = ['--calls', '50', '--seed', '3', '--no-faults']
    expect(countsOf(await run([...calm, '--concurrency', '7']))).toEqual(countsOf(await run(calm)))
  })

  it('shows one of everything, and evaluates itself', async () => {
    const { tally, screen } = await run(['--calls', '120'])
    expect(tally.cache.savedNanoUsd).toBeGreaterThan(tally.cache.savedAlikeNanoUsd)
    expect(sum(tally.guards.blocked)).toBeGreaterThan(0)
    const text = screen.join('\n')
    expect(text).toMatch(/asked again\n +answered from the cache \(exact\), \$0\.0000\d+ saved/)
    expect(text).toMatch(/by likeness .*\n +0\.9\d alike, 2 neighbours agree, \$0\.0000\d+ saved, \$0\.0000\d+ by both/)
    expect(text).toMatch(/0\.\d\d alike, but 500 EUR is not 50 EUR \(currency\), so the model was asked: "€3"/)
    expect(text).toMatch(/BadRequestError, guard\.blocked by prompt_injection: override, prompt_extraction/)
    expect(text).toMatch(/wrote gunnar@example\.com, the model read and wrote \[EMAIL_[a-z]+\],\n/)
    expect(text).toContain('"Your statement goes to gunnar@example.com in 5 minutes."')
    expect(text).toContain('prompt_injection, prompt_extraction; it was let through')
    expect(text).toMatch(/the desk of Norrvik {3}\d+ cases {3}against gpt-5-mini alone {3}\$0\.\d+/)
    expect(text).toMatch(/right +\d\.\d{3} \[\d\.\d{3}, \d\.\d{3}\] +[−+±]\d+\.\d pts/)
    expect(text).toMatch(/verdict: (?:not-worse|inconclusive|REGRESSED|improved)/)
    for (const line of screen) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('fails nowhere without faults, and repeats are hits', async () => {
    const input = fileURLToPath(new URL('fixtures/three.jsonl', import.meta.url))
    const { tally } = await run(['--calls', '20', '--no-faults', '--input', input])
    const { cache, cascade, router, wireCalls } = tally
    expect(tally).toMatchObject({ calls: { answered: 20, failed: 0 }, errors: [] })
    expect(router).toMatchObject({ retries: [], failovers: [], continued: [], givenUp: [] })
    // Three messages, from customers of two tenants, who share no cache.
    expect(cascade.calls).toBeLessThanOrEqual(6)
    expect(wireCalls).toBe(cascade.calls + sum(cascade.escalated))
    expect(cache.hitsWhole + cache.hitsStreamed).toBe(20 - cascade.calls)
    expect(cache.savedNanoUsd).toBeGreaterThan(0)
  })

  it('gets through an outage, and accounts for every try', async () => {
    const { tally, screen } = await run(['--calls', '180', '--seed', '9'])
    const { router, targets, costNanoUsd, calls, right, cascade } = tally
    expect(calls.answered).toBeGreaterThan(170)
    expect(sum(router.failovers)).toBeGreaterThan(0)
    expect(sum(router.retries)).toBeGreaterThan(0)
    expect(sum(router.continued)).toBeGreaterThan(0)
    expect(targets.map(({ target }) => target).toSorted()).toEqual(['claude-haiku-4-5', 'gpt-5-mini', 'gpt-5-nano'])
    for (const { answered } of targets) expect(answered).toBeGreaterThan(0)
    expect(targets.reduce((total, target) => total + target.costNanoUsd, 0)).toBe(costNanoUsd)
    expect(right.part / right.all).toBeGreaterThan(0.9)
    expect(cascade.acceptedRight.part).toBeGreaterThan(0.85 * cascade.acceptedRight.all)
    expect(cascade.savedNanoUsd).toBeGreaterThan(0)
    expect(screen.join('\n')).toContain('gpt-5-mini down for calls 73 to 99')
    for (const line of screen) expect(line.length).toBeLessThanOrEqual(100)
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
    expect({ code, lines: out.trimEnd().split('\n').length <= 72 }).toEqual({ code: 0, lines: true })
    expect(out).toContain('What the application saw')
    expect(out).toContain('A closer look')
    expect(out).not.toContain('\u001B')
    expect(err.trimEnd().split('\n').at(-1)).toMatch(/^30\/30 calls/)
  })

  it('ends with the screen so far on ctrl-C', async () => {
    const { code, out } = await start(['--calls', '500'], {}, (kill) => kill())
    expect(code).toBe(0)
    expect(out).toContain('STOPPED EARLY')
    expect(out).not.toContain('A closer look')
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
