import { describe, expect, it } from 'vitest'
import { lexicalEmbedder } from '../embed/lexical-embedder.ts'
import { flatIndex } from '../vector/flat-index.ts'
import type { SemanticAlarm } from './options.ts'
import type { Outcome, Policy } from './policy.ts'
import { threshold } from './policies/threshold.ts'
import { at, chatAnswer, tierWorld, toldEmbedder, type TierWorld } from './tier-world.ts'

const always = (): number => 0
const never = (): number => 0.999

/** Names of prompts that the vetoes cannot read, so that nothing stands between them. */
const q = (index: number): string => String.fromCodePoint(0xac00 + index)
const stored = '저장'
const [a, b, far, asked] = ['가', '나', '다', '라'] as const

/** Prompts that are all at 0.9 to `stored`, and at 0.81 to one another. */
function manyAlike(count: number): ReturnType<typeof toldEmbedder> {
  const vectors: Record<string, readonly number[]> = { [stored]: [1] }
  for (let index = 0; index < count; index += 1) {
    const vector = Array.from({ length: count + 1 }, () => 0)
    vector[0] = 0.9
    vector[index + 1] = Math.sqrt(0.19)
    vectors[q(index)] = vector
  }
  return toldEmbedder(vectors, count + 1)
}

/** Asks a question that hits, and tells what the provider would have said. */
async function hitAndAudit(world: TierWorld, text: string, said: string): Promise<void> {
  const found = await world.find(text)
  if (found.outcome !== 'hit') throw new Error(`${text} missed: ${found.reason}`)
  expect(found.wantsAudit).toBe(true)
  await world.tier.audited(found.hitId, chatAnswer(said))
}

describe('audits', () => {
  it('are drawn at random', async () => {
    const draws = [0.019, 0.021, 0.5, 0]
    const world = tierWorld({ embedder: manyAlike(4), policy: threshold(0.6), random: () => draws.shift() ?? 1 })
    await world.ask(stored, 'billing')
    const wants: boolean[] = []
    for (const text of [q(0), q(1), q(2), q(3)]) {
      const found = await world.find(text)
      wants.push(found.outcome === 'hit' && found.wantsAudit)
    }
    expect(wants).toEqual([true, false, false, true])
  })

  it('tell the share of wrong hits with its bound, each hit once', async () => {
    const world = tierWorld({ embedder: manyAlike(3), policy: threshold(0.6), random: always })
    await world.ask(stored, 'billing')
    expect(world.tier.stats().wrongOfHits).toBeUndefined()
    await hitAndAudit(world, q(0), 'billing')
    await hitAndAudit(world, q(1), 'Billing.')
    await hitAndAudit(world, q(2), 'refund')
    const { audited, wrong, wrongOfHits } = world.tier.stats()
    expect({ audited, wrong }).toEqual({ audited: 3, wrong: 1 })
    expect(wrongOfHits?.estimate).toBeCloseTo(1 / 3, 12)
    expect(wrongOfHits?.upper).toBeCloseTo(0.8646, 4)
    await world.tier.audited('no.such.hit', chatAnswer('refund'))
    const again = await world.find(q(0))
    if (again.outcome === 'hit') for (const _ of [1, 2]) await world.tier.audited(again.hitId, chatAnswer('billing'))
    expect(world.tier.stats().audited).toBe(4)
  })

  it('remember a wrong hit: the pair is not served again', async () => {
    const world = tierWorld({ embedder: manyAlike(2), policy: threshold(0.6), random: always })
    await world.ask(stored, 'billing')
    await hitAndAudit(world, q(0), 'refund')
    expect(await world.find(q(0))).toMatchObject({ outcome: 'miss', reason: 'rejected' })
    expect((await world.find(q(1))).outcome).toBe('hit')
  })

  it('count what nobody can compare as neither right nor wrong', async () => {
    const world = tierWorld({ embedder: manyAlike(1), policy: threshold(0.6), random: always })
    await world.ask(stored, 'You find it in the settings of the app, under security.')
    await hitAndAudit(world, q(0), 'Open the app and choose security in its settings.')
    expect(world.tier.stats()).toMatchObject({ audited: 0, wrong: 0, unjudged: 1, wrongOfHits: undefined })
  })

  it('ask the application about prose', async () => {
    const pairs: string[] = []
    const world = tierWorld({
      embedder: manyAlike(2),
      policy: threshold(0.6),
      random: always,
      sameAnswer: (a, b) => {
        pairs.push(`${a.prompt} / ${b.prompt}`)
        return b.text.includes('security')
      },
    })
    await world.ask(stored, 'You find it in the settings of the app, under security.')
    await hitAndAudit(world, q(0), 'Open the app and choose security in its settings.')
    await hitAndAudit(world, q(1), 'There is no such thing, I am sorry to say, in this app.')
    expect(pairs).toEqual([`${stored} / ${q(0)}`, `${stored} / ${q(1)}`])
    expect(world.tier.stats()).toMatchObject({ audited: 2, wrong: 1, unjudged: 0 })
  })

  it('tell the policy what came of its decision', async () => {
    const outcomes: Outcome[] = []
    const inner = threshold(0.6)
    const policy: Policy = { ...inner, learn: (outcome) => void outcomes.push(outcome) }
    const world = tierWorld({ embedder: manyAlike(3), policy, random: always })
    await world.ask(stored, 'billing')
    await hitAndAudit(world, q(0), 'billing')
    const rejected = await world.find(q(1))
    if (rejected.outcome === 'hit') await world.tier.reject(rejected.hitId)
    expect(outcomes.map(({ source, isRight }) => [source, isRight])).toEqual([
      ['audit', true],
      ['rejection', false],
    ])
  })
})

describe('a tier whose hits go wrong', () => {
  const alarms: SemanticAlarm[] = []
  const allowed = 0.05

  async function trippedWorld(): Promise<TierWorld> {
    alarms.length = 0
    const world = tierWorld({
      embedder: manyAlike(200),
      policy: threshold(0.6),
      maxFalseHitRate: allowed,
      random: always,
      onAlarm: (alarm) => {
        alarms.push(alarm)
        throw new Error('a listener that throws')
      },
    })
    await world.ask(stored, 'billing')
    for (let index = 0; index < 4; index += 1) await hitAndAudit(world, q(index), 'refund')
    return world
  }

  it('trips, says so, and serves nothing more', async () => {
    const world = await trippedWorld()
    expect(world.tier.stats().isTripped).toBe(true)
    expect(alarms).toMatchObject([{ kind: 'tripped', by: 'audits', wrongOfHits: { estimate: 1 } }])
    expect(await world.find(q(10))).toMatchObject({ outcome: 'miss', reason: 'tripped' })
    expect(await world.tier.explain(world.query(q(10)))).toMatchObject({ reason: 'tripped' })
  })

  it('serves again when what it would have served is right again, by its bound', async () => {
    const world = await trippedWorld()
    let count = 0
    for (; world.tier.stats().isTripped; count += 1) await world.ask(q(10 + count), 'billing')
    // 0 wrong of 59 is at most 5 % at 95 %.
    expect(count).toBe(59)
    expect(alarms.map(({ kind }) => kind)).toEqual(['tripped', 'recovered'])
    expect((await world.find(q(190))).outcome).toBe('hit')
    expect(world.tier.stats().shadow).toMatchObject({ judged: 59, wrong: 0 })
  })

  it('does not trip by one that was wrong', async () => {
    const world = tierWorld({
      embedder: manyAlike(200),
      policy: threshold(0.6),
      maxFalseHitRate: allowed,
      random: always,
    })
    await world.ask(stored, 'billing')
    for (let index = 0; index < 150; index += 1) await hitAndAudit(world, q(index), index === 70 ? 'refund' : 'billing')
    expect(world.tier.stats()).toMatchObject({ audited: 150, wrong: 1, isTripped: false })
  })

  it('trips by rejections alone when they are too many of all hits', async () => {
    const world = tierWorld({ embedder: manyAlike(60), policy: threshold(0.6), random: never })
    await world.ask(stored, 'billing')
    let rejected = 0
    for (; !world.tier.stats().isTripped && rejected < 60; rejected += 1) {
      const found = await world.find(q(rejected))
      expect(found.outcome === 'hit' && (await world.tier.reject(found.hitId))).toBe(true)
    }
    expect(rejected).toBeLessThan(10)
    expect(world.tier.stats()).toMatchObject({ rejected, audited: 0, isTripped: true })
  })
})

describe('reject', () => {
  it('bars the pair and its spellings for good, in any process that shares the store', async () => {
    const world = tierWorld({ embedder: lexicalEmbedder(), policy: threshold(0.6), random: never })
    await world.ask('How do I change the PIN of a card?', 'In the app.')
    const found = await world.find('So how do I change the PIN of a card?')
    expect(found.outcome === 'hit' && (await world.tier.reject(found.hitId))).toBe(true)
    expect(await world.find('So how do I change the PIN of a card?')).toMatchObject({ reason: 'rejected' })
    expect(await world.find('so how do I change the pin of a card')).toMatchObject({ reason: 'rejected' })
    expect((await world.find('Please, how do I change the PIN of a card?')).outcome).toBe('hit')
    const entry = (await world.host.read(world.query('How do I change the PIN of a card?').key, undefined)).entry
    expect(entry?.semantic?.rejected).toHaveLength(1)
  })

  it('bars the same answer under other entries too', async () => {
    const world = tierWorld({
      embedder: toldEmbedder({ [a]: at(0.9), [b]: at(0.88, 2), [asked]: at(1) }),
      policy: threshold(0.5),
      random: never,
    })
    await world.answer(a, 'billing')
    await world.answer(b, 'billing')
    const found = await world.find(asked)
    if (found.outcome === 'hit') await world.tier.reject(found.hitId)
    expect(await world.find(asked)).toMatchObject({ outcome: 'miss', reason: 'rejected' })
  })

  it('bars them in another process too, for all entries with that answer', async () => {
    const embedder = toldEmbedder({ [a]: at(0.9), [b]: at(0.88, 2), [asked]: at(1) })
    const index = flatIndex()
    const world = tierWorld({ embedder, index, policy: threshold(0.5), random: never })
    await world.answer(a, 'billing')
    await world.answer(b, 'billing')
    const found = await world.find(asked)
    if (found.outcome === 'hit') await world.tier.reject(found.hitId)
    const other = tierWorld({ embedder, index, policy: threshold(0.5), random: never }, world)
    expect(await other.find(asked)).toMatchObject({ outcome: 'miss', reason: 'rejected' })
  })

  it('holds in this process while the store is down, and rejects for hits that only the store knows of', async () => {
    const world = tierWorld({ embedder: lexicalEmbedder(), policy: threshold(0.6), random: never })
    await world.ask('How do I change the PIN of a card?', 'In the app.')
    const found = await world.find('So how do I change the PIN of a card?')
    const { read } = world.host
    world.host.read = () => Promise.reject(new Error('The store is down.'))
    expect(found.outcome === 'hit' && (await world.tier.reject(found.hitId))).toBe(true)
    await expect(world.tier.reject('scope.other.digest')).rejects.toThrow('down')
    world.host.read = read
    expect(await world.find('So how do I change the PIN of a card?')).toMatchObject({ reason: 'rejected' })
  })

  it('knows nothing of what is none of its hits', async () => {
    const world = tierWorld({ embedder: lexicalEmbedder(), policy: threshold(0.6) })
    for (const id of ['', 'x', 'scope.gone.digest', 'a.b.c.d', undefined as unknown as string])
      expect(await world.tier.reject(id)).toBe(false)
    expect(world.tier.stats().rejected).toBe(0)
  })
})

describe('near misses in prose', () => {
  const prose = 'You can change it in the settings of the app, under security.'
  const other = 'Open the app, choose security, and change it there in the settings.'

  it('are linked to an answer that says the same, so that they agree', async () => {
    const world = tierWorld({
      embedder: toldEmbedder({ [a]: at(1), [b]: at(0.9) }),
      policy: threshold(0.99),
      sameAnswer: () => true,
    })
    const first = await world.answer(a, prose)
    await world.find(b)
    const second = await world.answer(b, other)
    expect(second.semantic?.group).toBe(first.semantic?.group)
    expect(world.tier.stats()).toMatchObject({ promoted: 1, refused: 0 })
  })

  it('are barred for good where the answer was refused', async () => {
    const world = tierWorld({
      embedder: toldEmbedder({ [a]: at(1), [b]: at(0.9) }),
      policy: threshold(0.6),
      shadow: true,
      sameAnswer: async () => false,
    })
    await world.answer(a, prose)
    await world.find(b)
    const second = await world.answer(b, other)
    expect(second.semantic?.rejected).toHaveLength(1)
    expect(world.tier.stats()).toMatchObject({ promoted: 0, refused: 1 })
    expect(await world.find(b)).toMatchObject({ reason: 'rejected' })
    expect(await world.find(a)).toMatchObject({ reason: 'rejected' })
  })

  it('are not asked about when they are too far away, and a judge that throws says nothing', async () => {
    let count = 0
    const world = tierWorld({
      embedder: toldEmbedder({ [a]: at(1), [b]: at(0.9), [far]: at(0.6, 2) }),
      policy: threshold(0.99),
      sameAnswer: () => {
        count += 1
        throw new Error('no judge')
      },
    })
    await world.answer(a, prose)
    await world.find(far)
    await world.answer(far, 'Write to the support and they will see what they can do for you.')
    expect(count).toBe(0)
    await world.find(b)
    const entry = await world.answer(b, other)
    expect(count).toBe(1)
    expect(entry.semantic?.rejected).toEqual([])
    expect(world.tier.stats()).toMatchObject({ promoted: 0, refused: 0 })
  })
})
