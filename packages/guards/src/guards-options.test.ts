import { describe, expect, it } from 'vitest'
import { createGuard } from './create-guard.ts'
import { allowed, type Detector } from './detector.ts'
import { guards } from './guards.ts'
import { pii } from './pii/pii.ts'

const whole: Detector = { name: 'whole', check: () => allowed }

/** What a stream trait could say. */
const atOnce = (): number => 0

describe('options of guards()', () => {
  it.each([
    [undefined, 'takes an object'],
    [{}, 'needs detectors'],
    [{ input: [() => undefined] }, '"input"'],
    [{ output: 'pii' }, '"output"'],
    [{ input: [], outputs: [] }, 'no option "outputs"'],
    [{ input: [], tools: { result: [] } }, 'no option "result"'],
    [{ input: [], tools: { results: [{}] } }, '"tools.results"'],
    [{ input: [], documents: {} }, '"documents"'],
    [{ input: [], roles: ['robot'] }, '"roles"'],
    [{ input: [], roles: [] }, '"roles"'],
    [{ input: [], channels: ['audio'] }, '"channels"'],
    [{ input: [], onError: 'ignore' }, 'onError'],
    [{ input: [], budgetMs: 0 }, 'budgetMs'],
    [{ input: [], shadow: 'yes' }, 'shadow'],
    [{ input: [], shadow: { inputs: [] } }, 'no option "inputs"'],
    [{ input: [], stream: 'later' }, 'stream'],
    [{ input: [], messages: 'last' }, 'messages'],
    [{ input: [], maxRemembered: -1 }, 'maxRemembered'],
    [{ input: [], vault: {} }, 'vault'],
    [{ input: [], salt: 'short' }, 'salt'],
    [{ input: [], clock: {} }, 'clock'],
    [{ input: [], provenance: 'web' }, 'provenance'],
    [{ input: [], conversation: 'c1' }, 'conversation'],
    [{ input: [{ ...whole, streamMode: 'never' }] }, 'streamMode'],
    [{ input: [{ ...whole, name: '' }] }, '"input"'],
    [{ input: [{ ...whole, onError: 'colsed' }] }, 'onError of the detector "whole"'],
    [{ input: [{ ...whole, effort: 'big' }] }, 'effort'],
    [{ input: [{ ...whole, actions: ['deny'] }] }, 'actions'],
    [{ input: [{ ...whole, actions: 'block' }] }, 'actions'],
    [{ input: [{ ...whole, restore: 'yes' }] }, 'restore'],
    [{ output: [{ ...whole, stream: {} }] }, 'stream'],
    [{ output: [{ ...whole, stream: { maxMatch: '5', couldGrow: atOnce } }] }, 'maxMatch'],
    [{ output: [{ ...whole, stream: { maxMatch: 5, lookBack: -1, couldGrow: atOnce } }] }, 'lookBack'],
    [{ output: [{ ...whole, stream: { maxMatch: 5, couldGrow: atOnce, judge: true } }] }, 'judge'],
    [{ shadow: { input: [{ ...whole, doubt: { guard: 'nope', from: 2, to: 1 } }] } }, 'doubt'],
    [{ shadow: { documents: {} } }, '"documents"'],
  ])('refuses %j', (options, message) => {
    expect(() => guards(options as never)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringContaining(message) }),
    )
  })

  it('refuses to stream what can only be judged whole, unless it is told how', () => {
    const refused = expect.objectContaining({
      code: 'config.stream_mode',
      message: expect.stringContaining("'after-disclosure'"),
      details: { guard: 'whole' },
    })
    expect(() => guards({ output: [pii(), whole] })).toThrow(refused)
    expect(() => guards({ tools: { calls: [whole] } })).toThrow(refused)
    expect(() => createGuard({ output: [whole] })).toThrow(refused)
    expect(() => guards({ input: [whole], tools: { results: [whole] } })).not.toThrow()
    expect(() => guards({ output: [whole], stream: 'buffer' })).not.toThrow()
    expect(() => guards({ output: [{ ...whole, streamMode: 'sentence' }] })).not.toThrow()
    // It holds nothing back and stops nothing.
    expect(() => guards({ output: [{ ...whole, actions: ['warn'] }] })).not.toThrow()
    expect(() => guards({ output: [whole], shadow: true })).not.toThrow()
  })

  it('takes detectors for documents alone', () => {
    expect(() => guards({ documents: [pii()] })).not.toThrow()
    expect(() => guards({ shadow: { documents: [pii()] } })).not.toThrow()
  })

  it('leaves requests to the middleware', () => {
    expect(() => createGuard({ input: [pii()], roles: ['user'] } as never)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringContaining('no option "roles"') }),
    )
  })
})
