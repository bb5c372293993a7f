import type { FakeRequest } from '@sluice/core/testing'
import { describe, expect, it } from 'vitest'
import { callHeader, makeDesk, type Desk } from './desk.ts'
import { loadAnswers, loadMessages, parseMessages } from './messages.ts'
import { models } from './models.ts'
import { makeTraffic } from './traffic.ts'

const { cheap, strong, standIn } = models

function ask(desk: Desk, call: number, model: string, messages: FakeRequest['messages'] = []): ReturnType<Desk> {
  return desk({ headers: { [callHeader]: String(call) }, model, messages } as unknown as FakeRequest)
}

describe('makeDesk', () => {
  it('gives the right answer, or one that is made up, the same from both large models', async () => {
    const messages = parseMessages('{"text":"Freeze it","group":"g"}\n{"text":"Anything else?"}', 'x')
    const traffic = makeTraffic(messages, 5, 1)
    const desk = makeDesk({ seed: 1, traffic, answers: new Map([['g', 'Open Cards.']]) })
    for (const { call, message } of traffic.flatMap(({ turns }) => turns)) {
      const { text } = await ask(desk, call, strong)
      expect(text).toMatch(message.group === 'g' ? /^Open Cards\.$/ : /\w{3}/)
      expect(await ask(desk, call, standIn)).toEqual({ text })
    }
  })

  it('goes on with an answer that has begun', async () => {
    const traffic = makeTraffic(parseMessages('{"text":"Freeze it","group":"g"}', 'x'), 1, 1)
    const desk = makeDesk({ seed: 1, traffic, answers: new Map([['g', 'Open Cards.']]) })
    expect(await ask(desk, 1, standIn, [{ role: 'assistant', text: 'Open' }])).toEqual({ text: ' Cards.' })
  })

  it('has a small model that knows most, but nothing about one customer', async () => {
    const answers = await loadAnswers()
    const traffic = makeTraffic(await loadMessages(undefined), 1000, 1)
    const desk = makeDesk({ seed: 1, traffic, answers })
    const counts = { right: 0, evasive: 0, wrong: 0 }
    const known = new Set(answers.values())
    for (const { call, message } of traffic.flatMap(({ turns }) => turns)) {
      const { text } = await ask(desk, call, cheap)
      const right = answers.get(message.group ?? '')
      if (message.isPersonal || message.turn > 1) expect(known.has(text ?? '')).toBe(false)
      else if (right !== undefined) counts[text === right ? 'right' : known.has(text ?? '') ? 'wrong' : 'evasive'] += 1
    }
    expect(counts.right).toBeGreaterThan(5 * counts.wrong)
    expect(counts.wrong).toBeGreaterThan(0)
    expect(counts.evasive).toBeGreaterThan(counts.wrong)
  })

  it('leaves calls that it does not know to the fake provider', async () => {
    expect(await ask(makeDesk({ seed: 1, traffic: [], answers: new Map() }), 7, strong)).toEqual({})
  })
})
