import { describe, expect, it } from 'vitest'
import type { Embedder } from '../embed/embedder.ts'
import { lexicalEmbedder } from '../embed/lexical-embedder.ts'
import { flatIndex } from '../vector/flat-index.ts'
import type { Candidate, Policy } from './policy.ts'
import { consensus } from './policies/consensus.ts'
import { threshold } from './policies/threshold.ts'
import { at, tierWorld, toldEmbedder } from './tier-world.ts'

const always = (): number => 0
const never = (): number => 0.999
const embedder = lexicalEmbedder()
const policy = threshold(0.6)

describe('a tier that serves', () => {
  it('serves the answer of a question that is alike, and says by what', async () => {
    const world = tierWorld({ embedder, policy, random: never })
    expect(await world.ask('How do I change the PIN of a card?', 'In the app.')).toMatchObject({
      outcome: 'miss',
      reason: 'no_neighbour',
    })
    const found = await world.find('So how do I change the PIN of a card, please?')
    expect(world.said(found)).toBe('In the app.')
    expect(found).toMatchObject({
      outcome: 'hit',
      reason: 'semantic',
      wantsAudit: false,
      trace: { policy: 'threshold', numbers: { similarityNeeded: 0.6 } },
    })
    expect(world.tier.stats()).toMatchObject({ lookups: 2, hits: 1, misses: { no_neighbour: 1 } })
  })

  it('leaves alone what is about now, about the one who asks, or acts', async () => {
    const world = tierWorld({ embedder, policy })
    for (const text of ['What is the weather today?', 'What is my balance?', 'Delete all invoices of Acme.']) {
      expect(await world.ask(text, 'Fine.')).toMatchObject({
        outcome: 'miss',
        reason: 'unsuited',
        trace: { unsuited: expect.any(String) },
      })
      expect(await world.find(`${text} Please`)).toMatchObject({ reason: 'unsuited' })
      expect(await world.tier.describe(world.query(text), {})).toBeUndefined()
    }
  })

  it('lets questions about the one who asks take part where answers are the same for everyone', async () => {
    const world = tierWorld({ embedder, policy, sameForEveryone: true, random: never })
    await world.ask('When will my card arrive?', 'Within five days.')
    expect(world.said(await world.find('So when will my card arrive?'))).toBe('Within five days.')
    expect(await world.find('What is the weather today?')).toMatchObject({ reason: 'unsuited' })
  })

  it('never serves over a veto, however alike', async () => {
    const world = tierWorld({ embedder, policy: threshold(0.5), random: never })
    await world.ask('How do I turn on dark mode on the device?', 'Settings, on.')
    const found = await world.find('How do I turn off dark mode on the device?')
    expect(found).toMatchObject({
      outcome: 'miss',
      reason: 'vetoed',
      trace: { nearest: { similarity: expect.any(Number) } },
    })
    expect(found.trace.vetoes?.length).toBeGreaterThan(0)
    expect(found.trace).not.toHaveProperty('vetoDetails')
  })

  it('never serves what is barred, whatever a policy says', async () => {
    const any: Policy = {
      id: 'any',
      k: 5,
      decide: ({ candidates }) => ({
        serves: true,
        candidate: candidates.find(({ isBarred }) => isBarred) ?? (candidates[0] as Candidate),
        numbers: {},
      }),
    }
    const world = tierWorld({ embedder, policy: any, random: never })
    await world.answer('How do I turn on dark mode on the device?', 'on')
    await world.answer('How do I turn on the dark mode on the devices?', 'on')
    await world.answer('How do I turn off dark mode on the device?', 'off')
    expect(await world.find('So how do I turn off dark mode on the device?')).toMatchObject({
      outcome: 'miss',
      reason: 'policy',
    })
  })

  it('makes no candidate of what its policy does not admit', async () => {
    const index = flatIndex()
    const policy: Policy = { ...threshold(0.3), admits: (isRight) => isRight !== true }
    const world = tierWorld({ embedder, index, policy, shadow: true })
    await world.ask('Where is the branch of the bank in Rome?', 'map')
    await world.ask('So where is the branch of the bank in Rome?', 'map')
    expect(index.size()).toBe(1)
    await world.ask('And where is the branch of the bank in Rome?', 'no idea')
    expect(index.size()).toBe(2)
  })

  it('takes a question that is only spelled otherwise for the same, without a vector', async () => {
    let embedded = 0
    const counting: Embedder = { ...embedder, embed: (texts) => ((embedded += 1), embedder.embed(texts)) }
    const world = tierWorld({ embedder: counting, policy: consensus(), random: never })
    await world.ask('How do I change the PIN of a card?', 'In the app.')
    const before = embedded
    const found = await world.find('  how do I change the PIN   of a card ')
    expect(world.said(found)).toBe('In the app.')
    expect(found.trace.policy).toBe('spelling')
    expect(embedded).toBe(before)
  })

  it('keeps partitions apart', async () => {
    const world = tierWorld({ embedder, policy: threshold(0.1), random: never })
    await world.ask('How do I change the PIN of a card?', 'In the app.')
    const elsewhere = world.query('How do I change a PIN of a card?', { partition: 'of another system prompt' })
    expect(await world.tier.find(elsewhere)).toMatchObject({ outcome: 'miss', reason: 'no_neighbour' })
    const respelled = world.query('how do I change the PIN of a card', { partition: 'of another system prompt' })
    expect(await world.tier.find(respelled)).toMatchObject({ outcome: 'miss', reason: 'no_neighbour' })
  })

  it('forgets vectors whose entries are gone', async () => {
    const index = flatIndex()
    const world = tierWorld({ embedder, index, policy, random: never })
    await world.ask('How do I change the PIN of a card?', 'In the app.')
    expect(index.size()).toBe(1)
    await world.clock.advance(4_000_000)
    expect(await world.find('How do I change a PIN of a card?')).toMatchObject({
      outcome: 'miss',
      reason: 'no_neighbour',
    })
    expect(index.size()).toBe(0)
  })

  it('does not take an answer of the index for gone when the store cannot tell', async () => {
    const index = flatIndex()
    const world = tierWorld({ embedder, index, policy, random: never })
    await world.ask('How do I change the PIN of a card?', 'In the app.')
    world.host.read = () => Promise.reject(new Error('The store is down.'))
    expect(await world.find('How do I change a PIN of a card?')).toMatchObject({ outcome: 'miss', reason: 'failed' })
    expect(index.size()).toBe(1)
  })

  it('is a miss when the embedder fails or takes too long, and learns all the same', async () => {
    let mode: 'fails' | 'hangs' | 'works' = 'fails'
    const moody: Embedder = {
      ...embedder,
      embed: (texts) =>
        mode === 'fails'
          ? Promise.reject(new Error('down'))
          : mode === 'hangs'
            ? new Promise(() => undefined)
            : embedder.embed(texts),
    }
    const index = flatIndex()
    const world = tierWorld({ embedder: moody, index, policy, timeoutMs: 300, random: never })
    expect(await world.find('How do I change the PIN of a card?')).toMatchObject({ outcome: 'miss', reason: 'failed' })
    mode = 'hangs'
    const slow = world.find('How do I change the PIN of a card?')
    await world.clock.advance(299)
    await world.clock.advance(2)
    expect(await slow).toMatchObject({ outcome: 'miss', reason: 'late' })
    mode = 'works'
    await world.answer('How do I change the PIN of a card?', 'In the app.')
    expect(index.size()).toBe(1)
    expect(world.tier.stats().misses).toEqual({ failed: 1, late: 1 })
  })

  it('does nothing for a call that was given up', async () => {
    const world = tierWorld({ embedder, policy, random: never })
    await world.ask('How do I change the PIN of a card?', 'In the app.')
    const query = world.query('How do I change a PIN of a card?', { signal: AbortSignal.abort(new Error('gone')) })
    expect(await world.tier.find(query)).toMatchObject({ outcome: 'miss', reason: 'failed' })
  })
})

describe('explain', () => {
  it('shows what differs, and counts nothing', async () => {
    const world = tierWorld({ embedder, policy: threshold(0.5), random: never })
    await world.ask('How long may a flight of 300 km be?', 'One hour.')
    const before = world.tier.stats()
    const told = await world.tier.explain(world.query('How long may a flight of 900 km be?'))
    expect(told).toMatchObject({ outcome: 'miss', reason: 'vetoed' })
    expect(told.trace.vetoDetails?.[0]).toMatchObject({
      kind: expect.any(String),
      prompt: expect.any(Array),
      neighbour: expect.any(Array),
    })
    expect(world.tier.stats()).toEqual(before)
  })

  it('says what would be served', async () => {
    const world = tierWorld({ embedder, policy, random: always })
    await world.ask('How do I change the PIN of a card?', 'In the app.')
    expect(await world.tier.explain(world.query('How do I change a PIN of a card?'))).toMatchObject({
      outcome: 'hit',
      wantsAudit: false,
      trace: { policy: 'threshold' },
    })
    expect(world.tier.stats()).toMatchObject({ hits: 0, lookups: 1 })
  })
})

describe('a tier that only watches', () => {
  it('serves nothing and reports what it would have saved and how much of that were wrong', async () => {
    const world = tierWorld({
      embedder: toldEmbedder({ a: at(1), b: at(0.9), c: at(0.85, 2) }),
      policy: threshold(0.6),
      shadow: true,
    })
    await world.ask('a', 'billing')
    expect(await world.ask('b', 'billing')).toMatchObject({ outcome: 'miss', reason: 'shadow' })
    expect(await world.ask('c', 'refund')).toMatchObject({ outcome: 'miss', reason: 'shadow' })
    const { hits, shadowHits, shadow } = world.tier.stats()
    expect({ hits, shadowHits }).toEqual({ hits: 0, shadowHits: 2 })
    expect(shadow).toMatchObject({ judged: 2, wrong: 1, savedMs: 1_600, savedUsage: { fresh: 20, output: 10 } })
    expect(shadow.wrongOfHits?.estimate).toBe(0.5)
    expect(shadow.wrongOfHits?.upper).toBeGreaterThan(0.9)
    expect((await world.tier.explain(world.query('b'))).outcome).toBe('miss')
  })
})
