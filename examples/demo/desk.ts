import { fakeProvider, type FakeRequest } from '@sluice/core/testing'
import OpenAI from 'openai'
import type { Message } from './messages.ts'
import { models } from './models.ts'
import { randomOf } from './random.ts'
import type { Conversation } from './traffic.ts'

/** The header by which the fake provider knows which call of the traffic it answers. */
export const callHeader = 'x-demo-call'

export interface DeskInit {
  readonly seed: number
  readonly traffic: readonly Conversation[]
  /** The right answers by group of messages. */
  readonly answers: ReadonlyMap<string, string>
}

/** What the fake models answer; an empty answer leaves it to the fake provider. */
export type Desk = (request: FakeRequest) => Promise<{ readonly text?: string }>

/** Of the questions that have a right answer: how many the small model answers rightly, and how many evasively. */
const small = { right: 0.78, evasive: 0.17 }
/** Longer messages are too much for the small model. */
const longText = 200

/** What the small model says when it has no answer. */
const evasions = [
  'Thank you for your message! This depends on a few things, such as your plan and your country. Please have a look at the app or contact our support team for the details.',
  'That usually works without any trouble. If it does not, somebody from our team will be happy to help you.',
  'There can be several reasons for this, and every case is a little different. Please try again later or get in touch with us.',
  'In general this takes a while. You will find more under Help > Contact.',
  'I am sorry to hear that. Unfortunately I cannot see this from here, but I am sure that it will be settled soon.',
]

/**
 * The knowledge of the fake models. The large ones give the right answer, all of them in the same words. The small one
 * evades what is about one customer, what goes on from an earlier message and what is long; of the rest it knows most,
 * evades some, and gets a few wrong with full confidence.
 */
export function makeDesk({ seed, traffic, answers }: DeskInit): Desk {
  const messages = new Map(traffic.flatMap(({ turns }) => turns.map(({ call, message }) => [String(call), message])))
  const groups = [...answers.keys()]
  const madeUp = writer(seed)

  const right = (message: Message): string | Promise<string> => answers.get(message.group ?? '') ?? madeUp(message.text)

  const cheaply = (message: Message): string | undefined => {
    const random = randomOf(seed, `small ${message.text}`)
    const [draw, other] = [random(), random()]
    const evasion = evasions[Math.floor(other * evasions.length)] as string
    const known = answers.get(message.group ?? '')
    if (message.isPersonal || message.turn > 1 || message.text.length > longText) return evasion
    // What has no right answer it makes up, as the fake provider does.
    if (known === undefined || draw < small.right) return known
    if (draw < small.right + small.evasive) return evasion
    return answers.get(groups[Math.floor(other * groups.length)] as string)
  }

  return async ({ headers, model, messages: said }) => {
    const message = messages.get(headers[callHeader] ?? '')
    if (!message) return {}
    const text = model === models.cheap ? cheaply(message) : await right(message)
    if (text === undefined) return {}
    // A request that ends with the beginning of an answer is gone on with.
    const last = said.at(-1)
    return { text: last?.role === 'assistant' && text.startsWith(last.text) ? text.slice(last.text.length) : text }
  }
}

/** Answers to messages that have no right one: the fake provider's own text, the same whoever is asked. */
function writer(seed: number): (question: string) => Promise<string> {
  const openai = new OpenAI({ apiKey: 'none', fetch: fakeProvider({ seed }).fetch })
  const texts = new Map<string, Promise<string>>()
  const write = async (content: string): Promise<string> => {
    const messages = [{ role: 'user' as const, content }]
    const { choices } = await openai.chat.completions.create({ model: models.strong, messages })
    return choices[0]?.message.content ?? ''
  }
  return (question) => {
    const text = texts.get(question) ?? write(question)
    texts.set(question, text)
    return text
  }
}
