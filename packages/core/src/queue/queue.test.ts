import fc from 'fast-check'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/index.ts'
import { createQueue, type Queue, type QueueOptions, type QueueRequest } from './queue.ts'

const caught = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  )

/** Lets everybody in, one after the other, and says in which order. */
async function order(queue: Queue, requests: readonly (QueueRequest & { name: string })[]): Promise<string[]> {
  const seen: string[] = []
  const first = await queue.enter()
  const all = requests.map(({ name, ...request }) =>
    queue
      .run(() => void seen.push(name), request)
      .catch((error: { code: string }) => void seen.push(`${name} ${error.code}`)),
  )
  first.leave()
  await Promise.all(all)
  return seen
}

describe('a queue', () => {
  it('lets no more work at once than it may, and says how long each waited', async () => {
    const clock = fakeClock()
    const queue = createQueue({ concurrency: 2, clock })
    let [now, most] = [0, 0]
    const waits: number[] = []
    const all = Array.from({ length: 7 }, () =>
      queue.run(async ({ waitedMs }) => {
        waits.push(waitedMs)
        most = Math.max(most, (now += 1))
        await clock.sleep(100)
        now -= 1
      }),
    )
    expect([queue.running, queue.waiting]).toEqual([2, 5])
    await clock.run(Promise.all(all))
    expect(most).toBe(2)
    expect(waits).toEqual([0, 0, 100, 100, 200, 200, 300])
    expect([queue.running, queue.waiting, clock.pendingSleeps]).toEqual([0, 0, 0])
  })

  it('serves higher priorities first, and keys in turn', async () => {
    const queue = createQueue({ concurrency: 1, weightOf: (key) => (key === 'b' ? 2 : 1) })
    const of = (name: string, key: string, priority = 0) => ({ name, key, priority })
    expect(
      await order(queue, [
        of('a1', 'a'),
        of('a2', 'a'),
        of('a3', 'a'),
        of('a4', 'a'),
        of('b1', 'b'),
        of('b2', 'b'),
        of('b3', 'b'),
        of('c1', 'c'),
        of('low', 'a', -1),
        of('high', 'a', 5),
      ]),
    ).toEqual(['high', 'a1', 'b1', 'b2', 'c1', 'a2', 'b3', 'a3', 'a4', 'low'])
  })

  it('turns away who finds it full, and makes room for who goes before others', async () => {
    const queue = createQueue({ concurrency: 1, maxWaiting: 3 })
    const seen = await order(queue, [
      { name: 'a1', key: 'a' },
      { name: 'a2', key: 'a' },
      { name: 'a3', key: 'a' },
      { name: 'a4', key: 'a' },
      { name: 'b1', key: 'b' },
      { name: 'b2', key: 'b' },
      { name: 'urgent', key: 'c', priority: 1 },
    ])
    const isRefused = (name: string): boolean => name.endsWith('queue.full')
    expect(seen.filter((name) => !isRefused(name))).toEqual(['urgent', 'a1', 'b1'])
    expect(seen.filter(isRefused).toSorted().join()).toBe('a2 queue.full,a3 queue.full,a4 queue.full,b2 queue.full')
    const none = createQueue({ concurrency: 1, maxWaiting: 0 })
    await none.enter()
    expect(await caught(none.enter({ priority: 9 }))).toMatchObject({
      code: 'queue.full',
      status: 503,
      retryAfterMs: 1_000,
      details: { waiting: 0, maxWaiting: 0 },
    })
  })

  it('gives up after its own limit, the caller’s, or the deadline, whichever is first', async () => {
    const clock = fakeClock()
    const queue = createQueue({ concurrency: 1, timeoutMs: 300, clock })
    await queue.enter()
    const ends = [{}, { timeoutMs: 200 }, { timeoutMs: 900 }, { deadlineAtMs: clock.now() + 100 }].map((request) =>
      caught(queue.enter(request)),
    )
    const errors = await clock.run(Promise.all(ends))
    expect(errors).toMatchObject([
      { code: 'queue.timeout', details: { waitedMs: 300, by: 'timeout' } },
      { code: 'queue.timeout', details: { waitedMs: 200, by: 'timeout' } },
      { code: 'queue.timeout', details: { waitedMs: 300, by: 'timeout' } },
      { code: 'queue.timeout', details: { waitedMs: 100, by: 'deadline' } },
    ])
    expect(await caught(queue.enter({ deadlineAtMs: clock.now() }))).toMatchObject({ code: 'queue.timeout' })
    expect([queue.running, queue.waiting]).toEqual([1, 0])
  })

  it('leaves no listener and no timer, whichever way a wait ends', async () => {
    const clock = fakeClock()
    const queue = createQueue({ concurrency: 1, maxWaiting: 2, clock })
    const controller = new AbortController()
    const { signal } = controller
    const { added, removed } = counted(signal)
    const seat = await queue.enter({ signal })
    const admitted = queue.enter({ signal })
    const displaced = caught(queue.enter({ signal }))
    void queue.enter({ priority: 1 }).then((next) => next.leave())
    expect(await displaced).toMatchObject({ code: 'queue.full' })
    seat.leave()
    seat.leave()
    await admitted
    const waiting = caught(queue.enter({ signal }))
    controller.abort(new Error('left'))
    expect(await waiting).toMatchObject({ message: 'left' })
    expect(await caught(queue.enter({ signal }))).toMatchObject({ message: 'left' })
    expect(added()).toBeGreaterThan(2)
    expect(removed()).toBe(added())
    expect(clock.pendingSleeps).toBe(0)
    expect([queue.running, queue.waiting]).toEqual([1, 0])
  })

  it('keeps count whatever comes, goes and is aborted, and starves no key', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('enter' as const),
        key: fc.constantFrom('a', 'b', 'c'),
        priority: fc.integer({ min: 0, max: 2 }),
      }),
      fc.record({ kind: fc.constant('leave' as const), which: fc.nat(20) }),
      fc.record({ kind: fc.constant('abort' as const), which: fc.nat(20) }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 80 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, concurrency) => {
          const clock = fakeClock()
          const queue = createQueue({ concurrency, maxWaiting: 5, clock })
          const seats: { leave(): void }[] = []
          const controllers: AbortController[] = []
          for (const one of steps) {
            if (one.kind === 'enter') {
              const controller = new AbortController()
              controllers.push(controller)
              queue.enter({ ...one, signal: controller.signal }).then(
                (seat) => seats.push(seat),
                () => undefined,
              )
            } else if (one.kind === 'leave') seats.splice(one.which % Math.max(1, seats.length), 1)[0]?.leave()
            else controllers[one.which % Math.max(1, controllers.length)]?.abort()
            await Promise.resolve()
            await Promise.resolve()
            expect(queue.running).toBeLessThanOrEqual(concurrency)
            expect(queue.waiting).toBeLessThanOrEqual(5)
            if (queue.waiting > 0) expect(queue.running).toBe(concurrency)
          }
          for (let rounds = 0; rounds < 200 && queue.running > 0; rounds += 1) {
            seats.shift()?.leave()
            await turn()
          }
          expect([queue.running, queue.waiting, clock.pendingSleeps]).toEqual([0, 0, 0])
        },
      ),
      { numRuns: 150 },
    )
  })

  it.each([
    [{}, 'concurrency'],
    [{ concurrency: 0 }, 'at least 1'],
    [{ concurrency: Number.NaN }, 'got NaN'],
    [{ concurrency: 1, maxWaiting: -1 }, 'maxWaiting'],
    [{ concurrency: 1, timeoutMs: -1 }, 'timeoutMs'],
    [{ concurrency: 1, timeoutMs: Number.NaN }, 'got NaN'],
    [{ concurrency: 1, weightOf: 3 }, 'weightOf'],
    [{ concurrency: 1, clock: {} }, 'clock'],
    [{ concurrency: 1, size: 3 }, 'no option "size"'],
    [null, 'must be an object'],
  ])('%j is refused: %s', (options, message) => {
    expect(() => createQueue(options as QueueOptions)).toThrow(message)
  })
})

function counted(signal: AbortSignal): { added: () => number; removed: () => number } {
  let [added, removed] = [0, 0]
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    added += 1
    addEventListener.apply(signal, args)
  }
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    removed += 1
    removeEventListener.apply(signal, args)
  }
  return { added: () => added, removed: () => removed }
}
