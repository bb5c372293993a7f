import { describe, expect, it } from 'vitest'
import { parseOptions, UsageError } from './options.ts'

const parse = (...args: string[]) => parseOptions(args, {})

describe('parseOptions', () => {
  it('has defaults for the fake provider', () => {
    expect(parse()).toEqual({
      calls: 1000,
      concurrency: 16,
      seed: 1,
      faults: true,
      input: undefined,
      endpoint: undefined,
    })
  })

  it('reads every option', () => {
    expect(parse('--calls', '60', '--concurrency=2', '--seed', '7', '--no-faults', '--input', 'my.jsonl')).toEqual({
      calls: 60,
      concurrency: 2,
      seed: 7,
      faults: false,
      input: 'my.jsonl',
      endpoint: undefined,
    })
    expect(parse('--help')).toBe('help')
  })

  it.each([
    [['--speed', '9'], "Unknown option '--speed'"],
    [['extra'], "Unexpected argument 'extra'"],
    [['--calls'], "'--calls <value>' argument missing"],
    [['--calls', '0'], '--calls must be a whole number from 1'],
    [['--calls', 'many'], 'got "many"'],
    [['--concurrency', '1.5'], '--concurrency must be'],
    [['--seed', '-1'], '--seed'],
    [['--no-faults=yes'], "'--no-faults'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args, {})).toThrow(UsageError)
    expect(() => parseOptions(args, {})).toThrow(message)
  })

  it('takes a real endpoint from the environment, with few calls and no faults', () => {
    const few = { calls: 50, concurrency: 4, faults: false }
    expect(parseOptions([], { OPENAI_API_KEY: 'sk-1' })).toMatchObject({
      ...few,
      endpoint: { baseURL: undefined, apiKey: 'sk-1', model: 'gpt-5-mini' },
    })
    expect(parseOptions([], { SLUICE_BASE_URL: 'http://localhost:8000/v1' })).toMatchObject({
      ...few,
      endpoint: { baseURL: 'http://localhost:8000/v1', apiKey: 'none', model: undefined },
    })
    const named = { SLUICE_BASE_URL: 'http://localhost:8000/v1', OPENAI_API_KEY: 'k', SLUICE_MODEL: 'm' }
    expect(parseOptions(['--calls', '9'], named)).toMatchObject({ calls: 9, endpoint: { apiKey: 'k', model: 'm' } })
    expect(parseOptions([], { OPENAI_API_KEY: '' })).toMatchObject({ endpoint: undefined })
  })
})
