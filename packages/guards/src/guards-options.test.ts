import { describe, expect, it } from 'vitest'
import { createGuard } from './create-guard.ts'
import { allowed, type Detector } from './detector.ts'
import { guards } from './guards.ts'
import { pii } from './pii/pii.ts'
import { memoryVault } from './vault/memory-vault.ts'

const whole: Detector = { name: 'whole', check: () => allowed }

/** What a stream trait could say. */
const atOnce = (): number => 0

describe('options of guards()', () => {
  it.each([
    [undefined, 'takes an object'],
    [[], 'takes an object'],
    [new Map([['input', [whole]]]), 'takes an object'],
    [{}, 'needs detectors'],
    [{ input: [] }, 'needs detectors, or it guards nothing: guards({ input: [pii()] })'],
    [{ tools: {} }, 'needs detectors'],
    [{ documents: [], tools: { definitions: [] } }, 'needs detectors'],
    [{ shadow: true }, 'needs detectors'],
    [{ shadow: {} }, 'needs detectors'],
    [{ shadow: { input: [] } }, 'needs detectors'],
    [{ input: [], shadow: true }, 'needs detectors'],
    [{ input: null }, '"input"'],
    [{ input: [() => undefined] }, '"input"'],
    [{ output: 'pii' }, '"output"'],
    [{ input: [whole], outputs: [] }, 'no option "outputs"'],
    [{ input: [whole], tools: { result: [] } }, 'no option "result"'],
    [{ input: [whole], tools: { results: [{}] } }, '"tools.results"'],
    [{ input: [whole], documents: {} }, '"documents"'],
    [{ input: [whole], roles: ['robot'] }, '"roles"'],
    [{ input: [whole], roles: [] }, '"roles"'],
    [{ input: [whole], channels: ['audio'] }, '"channels"'],
    [{ input: [whole], onError: 'ignore' }, 'onError'],
    [{ input: [whole], budgetMs: 0 }, 'budgetMs'],
    [{ input: [whole], shadow: 'yes' }, 'shadow'],
    [{ input: [whole], shadow: { inputs: [] } }, 'no option "inputs"'],
    [{ input: [whole], stream: 'later' }, 'stream'],
    [{ input: [whole], messages: 'last' }, 'messages'],
    [{ input: [whole], maxRemembered: -1 }, 'maxRemembered'],
    [{ input: [whole], vault: {} }, 'vault'],
    [{ input: [whole], vault: null }, 'must be a vault'],
    [{ input: [whole], vault: { ...memoryVault(), key: undefined } }, 'a key of 32 bytes'],
    [{ input: [whole], vault: { ...memoryVault(), key: 'k'.repeat(32) } }, 'a key of 32 bytes'],
    [{ input: [whole], vault: { ...memoryVault(), key: new Uint8Array(16) } }, 'a key of 32 bytes'],
    [{ input: [whole], salt: 'short' }, 'salt'],
    [{ input: [whole], clock: {} }, 'clock'],
    [{ input: [whole], provenance: 'web' }, 'provenance'],
    [{ input: [whole], conversation: 'c1' }, 'conversation'],
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
    [{ output: [{ ...whole, stream: { maxMatch: 5, couldGrow: atOnce, finish: {} } }] }, 'finish'],
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

  it('takes empty lists beside one that is not', () => {
    expect(() => guards({ input: [], output: [pii()], documents: [], tools: {} })).not.toThrow()
    expect(() => guards({ input: [], shadow: { input: [pii()] } })).not.toThrow()
    expect(() => createGuard({ input: [pii()], shadow: {} })).not.toThrow()
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
