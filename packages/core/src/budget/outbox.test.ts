import { describe, expect, it } from 'vitest'
import { Outbox } from './outbox.ts'
import type { LedgerStep, LedgerStore } from './store.ts'

const none = { nanoUsd: 0, tokens: 0 }
const step =
  (id: string): (() => LedgerStep) =>
  () => ({
    do: 'settle',
    id,
    actual: none,
    isExact: true,
    lost: undefined,
  })

function setUp() {
  const heard: string[] = []
  let isDown = true
  const store = {
    step: async (_: string, { id }: { id: string }) => {
      if (isDown) throw new Error('down')
      heard.push(id)
    },
  } as unknown as LedgerStore
  return { outbox: new Outbox(store), heard, rise: () => (isDown = false) }
}

describe('the outbox of a ledger', () => {
  it('keeps settlements, however many reservations fail while the store is down', async () => {
    const { outbox, heard, rise } = setUp()
    outbox.settle('a', step('paid 1'))
    for (let times = 0; times < 12_000; times += 1) outbox.release('a', step(`doubt ${times}`))
    outbox.settle('a', step('paid 2'))
    await outbox.flush()
    expect([heard, outbox.size]).toEqual([[], 10_002])
    rise()
    await outbox.flush()
    expect(heard.slice(0, 3)).toEqual(['paid 1', 'paid 2', 'doubt 2000'])
    expect([heard.length, outbox.size]).toEqual([10_002, 0])
  })

  it('drops the oldest of too many settlements', async () => {
    const { outbox, heard, rise } = setUp()
    for (let times = 0; times <= 10_000; times += 1) outbox.settle('a', step(`${times}`))
    rise()
    await outbox.flush()
    expect([heard[0], heard.length]).toEqual(['1', 10_000])
  })
})
