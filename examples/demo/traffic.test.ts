import { describe, expect, it } from 'vitest'
import { loadAnswers, loadMessages, parseMessages, type Message } from './messages.ts'
import { UsageError } from './options.ts'
import { makeTraffic, tenants, type Conversation } from './traffic.ts'

const message = (text: string, more: Partial<Message> = {}): Message => ({
  text,
  messages: undefined,
  group: undefined,
  session: undefined,
  turn: 1,
  isPersonal: false,
  ...more,
})
const textsOf = (traffic: readonly Conversation[]): string[] =>
  traffic.flatMap(({ turns }) => turns.map((turn) => turn.message.text))

describe('makeTraffic', () => {
  const singles = Array.from({ length: 200 }, (_, index) => message(`m${index}`))
  const session = ['second', 'first', 'third'].map((text, index) =>
    message(text, { session: 's', turn: [2, 1, 3][index] as number }),
  )

  it('makes exactly the calls asked for, numbered in order', () => {
    for (const calls of [1, 2, 57, 200, 203, 1000]) {
      const turns = makeTraffic([...singles, ...session], calls, 1).flatMap((conversation) => conversation.turns)
      expect(turns.map(({ call }) => call)).toEqual(Array.from({ length: calls }, (_, index) => index + 1))
    }
  })

  it('is the same for the same seed and another for another', () => {
    expect(makeTraffic(singles, 300, 5)).toEqual(makeTraffic(singles, 300, 5))
    expect(textsOf(makeTraffic(singles, 300, 5))).not.toEqual(textsOf(makeTraffic(singles, 300, 6)))
  })

  it('keeps the turns of a session together and in order', () => {
    const found = makeTraffic([...session, ...singles], 600, 2).filter(({ turns }) => turns[0]?.message.session === 's')
    expect(found.length).toBeGreaterThan(0)
    for (const { turns } of found)
      expect(turns.map((turn) => turn.message.text)).toEqual(['first', 'second', 'third'].slice(0, turns.length))
  })

  it('has every message once before any repeats, and repeats some far more than others', () => {
    const counts = new Map<string, number>()
    const texts = textsOf(makeTraffic(singles, 1000, 1))
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
    expect(counts.size).toBe(200)
    const byCount = [...counts.values()].toSorted((a, b) => b - a)
    // With popularity 1 / rank to the 0.9 the first of 200 gets 12 % of the 800 repeats, and the last 0.1 %.
    expect(byCount[0]).toBeGreaterThan(60)
    expect(byCount[100]).toBeLessThan(6)
    expect(texts).not.toEqual(texts.toSorted())
  })

  it('repeats also where there are more messages than calls', () => {
    expect(new Set(textsOf(makeTraffic(singles, 100, 1))).size).toBe(45)
    expect(new Set(textsOf(makeTraffic(singles, 1, 1))).size).toBe(1)
  })

  it('words some of the repeats differently where it may, and says whose words they were', () => {
    const plain = textsOf(makeTraffic([...singles, ...session], 1000, 1))
    const varied = makeTraffic([...singles, ...session], 1000, 1, { isReworded: true }).flatMap(({ turns }) => turns)
    const reworded = varied.flatMap(({ message: each }) => (each.original === undefined ? [] : [each]))
    expect(varied.map(({ message: each }) => each.original ?? each.text)).toEqual(plain)
    expect(reworded.length).toBeGreaterThan(150)
    expect(reworded.length).toBeLessThan(250)
    for (const { text, original = '' } of reworded) expect(text).toMatch(new RegExp(`.${original}|${original}.`))
  })

  it('gives a few of the customers to the second tenant, the same ones for the same seed', () => {
    const trialOf = (seed: number): string[] =>
      makeTraffic(singles, 1000, seed).flatMap(({ customer, tenant }) => (tenant === tenants.trial ? [customer] : []))
    expect(trialOf(1).length).toBeGreaterThan(40)
    expect(trialOf(1).length).toBeLessThan(130)
    expect(trialOf(1)).toEqual(trialOf(1))
    expect(trialOf(1)).not.toEqual(trialOf(2))
  })

  it('streams about every second call', () => {
    const streamed = makeTraffic(singles, 1000, 1).flatMap(({ turns }) => turns.filter(({ isStream }) => isStream))
    expect(streamed.length).toBeGreaterThan(440)
    expect(streamed.length).toBeLessThan(560)
  })
})

describe('parseMessages', () => {
  it('reads texts and conversations', () => {
    const text = [
      '{"text":"Hi","intent":"x"}',
      '',
      '{"messages":[{"role":"system","content":"Be brief"},{"role":"user","content":"Yo"}]}',
      '{"text":"Do","group":"g","session":"s","turn":2,"acts":true}',
    ].join('\n')
    expect(parseMessages(text, 'x')).toEqual([
      message('Hi'),
      message('Yo', {
        messages: [
          { role: 'system', content: 'Be brief' },
          { role: 'user', content: 'Yo' },
        ],
      }),
      message('Do', { group: 'g', session: 's', turn: 2, isPersonal: true }),
    ])
  })

  it.each([
    ['{"text":"Hi"}\n{"id":1}', 'mine.jsonl, line 2'],
    ['{"text":""}', 'line 1'],
    ['Hi', 'line 1'],
    ['null', 'line 1'],
    ['{"messages":[]}', 'line 1'],
    ['{"messages":["Hi"]}', 'line 1'],
    ['\n\n', 'mine.jsonl holds no messages'],
  ])('refuses %j', (text, problem) => {
    expect(() => parseMessages(text, 'mine.jsonl')).toThrow(UsageError)
    expect(() => parseMessages(text, 'mine.jsonl')).toThrow(problem)
  })

  it('reads the messages of the demo, with an answer for every group', async () => {
    const messages = await loadMessages(undefined)
    const answers = await loadAnswers()
    expect(messages).toHaveLength(440)
    for (const { group } of messages) if (group !== undefined) expect(answers.get(group)).toMatch(/\w/)
  })

  it('says so when there is no such file', async () => {
    await expect(loadMessages('nowhere.jsonl')).rejects.toThrow('Cannot read nowhere.jsonl: ENOENT')
  })
})
