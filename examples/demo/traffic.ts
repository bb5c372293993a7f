import type { Message } from './messages.ts'
import { randomOf, shuffled } from './random.ts'

/** One call that the application will make. */
export interface Turn {
  /** From 1, in the order of the traffic. */
  readonly call: number
  readonly message: Message
  readonly isStream: boolean
}

/** What one customer says, in order; each turn sends the ones before it along. */
export interface Conversation {
  readonly customer: string
  /** Whose customer that is. */
  readonly tenant: string
  readonly turns: readonly Turn[]
}

/** The businesses whose customers write. */
export const tenants = { main: 'norrvik', trial: 'norrvik-trial' } as const
/** Share of the conversations that the second one has. */
const trialShare = 0.08

/** How uneven the popularity of questions is: the k-th most popular is asked in proportion to 1 / k to this power. */
const zipf = 0.9
/** At most so many different messages a call: customers ask the same things again. */
const variety = 0.45

/** Share of the repeats that the demo words a little differently, and how. */
const rewordedShare = 0.25
const wordings: readonly ((text: string) => string)[] = [
  (text) => `Hi, ${text}`,
  (text) => `Hello! ${text}`,
  (text) => `${text} Thanks!`,
  (text) => `Hi there, ${text} Thank you`,
]

/**
 * Traffic of exactly `calls` calls: a choice of messages once each, the rest repeats of them, some far more often than
 * others; all shuffled, sessions kept whole and in order, every second call streamed. The same for the same seed. With
 * `isReworded`, some of the repeats come with a greeting or thanks.
 */
export function makeTraffic(
  messages: readonly Message[],
  calls: number,
  seed: number,
  { isReworded = false }: { readonly isReworded?: boolean } = {},
): Conversation[] {
  const units = shuffled(unitsOf(messages), randomOf(seed, 'order')).slice(0, Math.ceil(calls * variety))
  const cumulative = cumulativeWeights(units.length)
  const popular = randomOf(seed, 'popularity')
  const wording = randomOf(seed, 'wording')
  const chosen: (readonly Message[])[] = []
  for (let planned = 0; planned < calls;) {
    const first = units[chosen.length]
    const repeat = first ?? pick(units, cumulative, popular())
    const unit = first || !isReworded ? repeat : repeat.map((message) => reworded(message, wording))
    chosen.push(unit)
    planned += unit.length
  }
  const tenant = randomOf(seed, 'tenants')
  return conversationsOf(shuffled(chosen, randomOf(seed, 'arrival')), calls, randomOf(seed, 'delivery')).map(
    (each) => ({
      ...each,
      tenant: tenant() < trialShare ? tenants.trial : tenants.main,
    }),
  )
}

/** A message that begins a conversation, perhaps in other words. */
function reworded(message: Message, random: () => number): Message {
  const [draw, other] = [random(), random()]
  const word = wordings[Math.floor(other * wordings.length)]
  if (draw >= rewordedShare || !word || message.turn > 1 || message.messages) return message
  return { ...message, text: word(message.text), original: message.text }
}

/** Messages on their own, and sessions as one, in the order of their turns. */
function unitsOf(messages: readonly Message[]): (readonly Message[])[] {
  const sessions = new Map<string, Message[]>()
  const units: Message[][] = []
  for (const message of messages) {
    const { session } = message
    const known = session === undefined ? undefined : sessions.get(session)
    if (known) {
      known.push(message)
      continue
    }
    const unit = [message]
    if (session !== undefined) sessions.set(session, unit)
    units.push(unit)
  }
  for (const unit of sessions.values()) unit.sort((a, b) => a.turn - b.turn)
  return units
}

function cumulativeWeights(count: number): number[] {
  let sum = 0
  return Array.from({ length: count }, (_, index) => (sum += 1 / (index + 1) ** zipf))
}

function pick<T>(items: readonly T[], cumulative: readonly number[], draw: number): T {
  const at = draw * (cumulative.at(-1) ?? 0)
  const index = cumulative.findIndex((weight) => weight > at)
  return items[index] as T
}

function conversationsOf(
  units: readonly (readonly Message[])[],
  calls: number,
  random: () => number,
): Omit<Conversation, 'tenant'>[] {
  const conversations: Omit<Conversation, 'tenant'>[] = []
  let call = 0
  for (const unit of units) {
    // The last one is left in the middle when the calls are used up.
    const turns = unit
      .slice(0, calls - call)
      .map((message) => ({ call: (call += 1), message, isStream: random() < 0.5 }))
    if (turns.length > 0) conversations.push({ customer: `customer-${conversations.length + 1}`, turns })
  }
  return conversations
}
