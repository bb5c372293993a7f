import { sluice, withContext, withReport } from '@sluice/core'
import { fakeClock, fakeProvider } from '@sluice/core/testing'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { createGuard } from '../create-guard.ts'
import { guards, type GuardsOptions } from '../guards.ts'
import { pii } from '../pii/pii.ts'
import { memoryVault } from '../vault/memory-vault.ts'
import type { Vault, VaultEntry } from '../vault/vault.ts'

const personal = pii({ restore: true })

/** A step of a vault that never ends, and tells when it was begun. */
function hanging() {
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  const step = (): Promise<never> => {
    resolve()
    return new Promise(() => undefined)
  }
  return { begun, step }
}

function setUp(options: Partial<GuardsOptions>) {
  const provider = fakeProvider()
  const guard = guards({ input: [personal], output: [personal], ...options })
  const openai = sluice(new OpenAI({ apiKey: 'test', fetch: provider.fetch }), [guard])
  const ask = (content = 'I am ada@example.com') =>
    withContext({ session: 's1' }, () =>
      openai.chat.completions.create({ model: 'm', messages: [{ role: 'user', content }] }),
    )
  return { provider, ask }
}

describe('the values of a conversation', () => {
  it.each(['load', 'save'] as const)('may take no longer than the guards to %s, and the call goes on', async (step) => {
    const clock = fakeClock()
    const { begun, step: never } = hanging()
    const vault: Vault = { ...memoryVault(), [step]: never }
    const { ask, provider } = setUp({ vault, budgetMs: 50, clock })
    const call = withReport(() => ask())
    await begun
    await clock.advance(49)
    provider.expectCalls(0)
    await clock.advance(1)
    const { report } = await call
    expect(report?.decisions).toContainEqual({
      by: 'guards',
      action: 'vault_failed',
      reason: step,
      details: { error: 'guard.timeout' },
    })
    expect(JSON.stringify(provider.lastCall?.body)).toMatch(/I am \[EMAIL_[a-z]{8}\]/)
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', [['bcdfghjk', { label: 'EMAIL', value: 'bob@example.com' }]]],
    ['an object', { bcdfghjk: { label: 'EMAIL', value: 'bob@example.com' } }],
  ])('that a vault tells as %s are none, and the call goes on', async (_, loaded) => {
    const { ask, provider } = setUp({ vault: { ...memoryVault(), load: () => loaded as never } })
    const { report } = await withReport(() => ask())
    expect(report?.decisions).toContainEqual({
      by: 'guards',
      action: 'vault_failed',
      reason: 'load',
      details: { error: 'guard.vault' },
    })
    expect(JSON.stringify(provider.lastCall?.body)).toMatch(/I am \[EMAIL_[a-z]{8}\]/)
    const guard = createGuard({ input: [personal], vault: { ...memoryVault(), load: () => loaded as never } })
    await expect(guard.session({ conversation: 'c1' })).rejects.toMatchObject({ code: 'guard.vault' })
  })

  it('that are no entries are left out', async () => {
    const odd = new Map<string, unknown>([
      ['bcdfghjk', undefined],
      ['bcdfghjl', 'bob@example.com'],
      ['bcdfghjm', { label: 5, value: 'bob@example.com' }],
      ['bcdfghjn', { label: 'EMAIL', value: 'eve@example.com' }],
    ])
    const { ask, provider } = setUp({ vault: { ...memoryVault(), load: () => odd as never } })
    const answer = [...odd.keys()].map((id) => `[EMAIL_${id}]`).join(' ')
    provider.enqueue(answer)
    expect((await ask()).choices[0]?.message.content).toBe(answer.replace('[EMAIL_bcdfghjn]', 'eve@example.com'))
  })

  it('are told of in a report without the words of a vault that fails', async () => {
    const load = (): never => {
      throw Object.assign(new Error('no ada@example.com'), { code: 'ada@example.com' })
    }
    const { ask } = setUp({ vault: { ...memoryVault(), load } })
    const { report } = await withReport(() => ask())
    expect(report?.decisions).toContainEqual({
      by: 'guards',
      action: 'vault_failed',
      reason: 'load',
      details: { error: 'unknown' },
    })
  })

  it('may take no longer in a session, which cannot go on', async () => {
    const clock = fakeClock()
    const { begun, step: load } = hanging()
    const guard = createGuard({ input: [personal], vault: { ...memoryVault(), load }, budgetMs: 50, clock })
    const session = guard.session({ conversation: 'c1' }).catch((error: unknown) => error)
    await begun
    await clock.advance(50)
    expect(await session).toMatchObject({ code: 'guard.timeout' })
  })

  it('are not gone through for an answer that can hold no placeholder, however many they are', async () => {
    let walks = 0
    class Counted extends Map<string, VaultEntry> {
      override values() {
        walks += 1
        return super.values()
      }
    }
    const vault = memoryVault()
    const known = new Counted([['bcdfghjk', { label: 'EMAIL', value: 'bob@example.com' }]])
    const { ask, provider } = setUp({ vault: { ...vault, load: () => known } })
    provider.enqueue('Nothing of the kind.', 'Write to [EMAIL_bcdfghjk].')
    await ask()
    expect(walks).toBe(0)
    expect((await ask()).choices[0]?.message.content).toBe('Write to bob@example.com.')
    expect(walks).toBe(1)
  })

  it('are saved once', async () => {
    const saved: string[][] = []
    const vault = memoryVault()
    const { ask } = setUp({
      vault: {
        ...vault,
        save(conversation, entries) {
          saved.push([...entries.values()].map(({ value }) => value))
          return vault.save(conversation, entries)
        },
      },
    })
    await ask()
    await ask()
    await ask('ada@example.com, bob@example.com')
    expect(saved).toEqual([['ada@example.com'], ['bob@example.com']])
  })
})
