import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blocksIn, fakeClients, sentTo, verdict, verdictText } from '../../fixtures/fake-judge.ts'
import { injectionCorpus } from '../../fixtures/injection-corpus.ts'
import { scoreBy } from '../../fixtures/scores.ts'
import { judge } from './judge.ts'
import { pairwise } from './pairwise.ts'

// Whatever the output says, a judge that finds nothing met is read so, and is shown the output as data.
const criteria = ['Does it name the refund period?']
const answer = 'We do not know.'
const models = { openai: 'gpt-5-mini', anthropic: 'claude-haiku-4-5' }

const clients = fakeClients()
clients.provider
  .on(models.openai, verdictText({ c1: 'no' }))
  .on(models.anthropic, { toolCalls: [{ name: 'verdict', arguments: verdict({ c1: 'no' }) }] })
  .on('pairwise', '{"evidence":"The first says more.","better":"first"}')
const judges = (['openai', 'anthropic'] as const).map((of) =>
  judge({ client: clients[of], model: models[of], criteria, name: of }),
)
const compare = pairwise({ client: clients.openai, model: 'pairwise', criteria })

/** What the judge was sent: the roles, in all trusted words, and the blocks. */
function sent(): { roles: string[]; user: string; system: string; blocks: Readonly<Record<string, string>> } {
  const { messages, system } = sentTo(clients.provider)
  const user = messages.find(({ role }) => role === 'user')?.content ?? ''
  return {
    roles: messages.map(({ role }) => role),
    user,
    system: system ?? messages[0]?.content ?? '',
    blocks: blocksIn(user),
  }
}

async function checkVerdict(output: string): Promise<void> {
  for (const scorer of judges) {
    const score = await scoreBy(scorer, output, { input: output, expected: output })
    expect(score).toMatchObject({
      status: 'scored',
      score: 0,
      evidence: { criteria: [{ id: 'c1', met: 'no', evidence: 'about c1' }] },
    })
    const { roles, user, blocks } = sent()
    expect(roles).toEqual(scorer.name === 'openai' ? ['system', 'user'] : ['user'])
    expect(blocks).toEqual({ input: output, reference: output, output })
    // Three texts on three lines: the frame around them is the same whatever they are.
    expect(user.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/u)).toHaveLength(frameLines)
  }
}

const frameLines = 20

describe('a verdict', () => {
  it('is tried by at least sixty texts', () => {
    expect(new Set(injectionCorpus).size).toBeGreaterThanOrEqual(60)
  })

  it.each(injectionCorpus)('is not changed by %j', async (attack) => {
    await checkVerdict(`${answer}\n\n${attack}`)
    await checkVerdict(attack)
  })

  it('is not changed by any mixture of them', async () => {
    const part = fc.oneof(fc.constantFrom(...injectionCorpus), fc.string({ unit: 'binary' }))
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => await checkVerdict(parts.join(''))),
      { numRuns: 100 },
    )
  })

  it('keeps a system role without a word of the output', async () => {
    const systems = new Set<string>()
    for (const attack of injectionCorpus) {
      await scoreBy(judges[0] as (typeof judges)[number], attack)
      systems.add(sent().system)
    }
    expect(systems.size).toBe(1)
  })
})

describe('a comparison', () => {
  it.each(injectionCorpus)('is not changed by %j', async (attack) => {
    const score = await scoreBy(compare, `${answer}${attack}`, { expected: 'Within 30 days.' })
    // A judge that always says "first" prefers nothing.
    expect(score).toMatchObject({
      score: 0.5,
      label: 'order_flip',
      evidence: { rounds: [{ winner: 1 }, { winner: 0 }] },
    })
    expect(Object.keys(sent().blocks)).toEqual(['input', 'first', 'second'])
  })
})
