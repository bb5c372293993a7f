import { closings, fillers, general, openings, topics, type Topic } from './phrases.ts'
import { seeded } from './random.ts'

/** What an answer's text depends on, and on nothing else. */
export interface TextSource {
  readonly seed: number
  readonly model: string
  /** 0..1: how many sentences there are, and what share of them helps. */
  readonly quality: number
  /** Everything the model was given. */
  readonly prompt: string
  /** The last thing the user said. */
  readonly question: string
  /** What a tool answered, when the prompt ends with that. */
  readonly toolResult?: string | undefined
  /** Which of several answers to the same prompt. */
  readonly choice: number
}

/** A support agent's answer in plain English: 3 to 7 sentences, the same for the same source. */
export function answerText(source: TextSource): string {
  const random = seeded(source.seed, 'text', source.model, source.prompt, source.choice)
  const topic = topicOf(source.question)
  const facts = random.shuffle(topic.facts)
  const sentences = [`${random.pick(openings)} ${topic.about}.`]
  if (source.toolResult) sentences.push(`I looked it up: ${excerpt(source.toolResult)}.`)
  const body = 1 + Math.round(source.quality * 4)
  for (let i = 0; i < body; i++) {
    sentences.push((random.next() < source.quality && facts.pop()) || random.pick(fillers))
  }
  sentences.push(random.pick(closings))
  return sentences.join(' ')
}

/** What a thinking model notes before it answers. */
export function reasoningText(source: TextSource): string {
  const random = seeded(source.seed, 'reasoning', source.model, source.prompt, source.choice)
  const topic = topicOf(source.question)
  const fact = random.pick(topic.facts)
  const about = topic.about.replace('your ', 'their ')
  return `The customer asks about ${about}. What applies here: ${fact} I will answer briefly and kindly.`
}

/** The topic most of whose words occur in the text; the general one when none does. */
export function topicOf(text: string): Topic {
  const lower = text.toLowerCase()
  let best = general
  let bestScore = 0
  for (const topic of topics) {
    const score = topic.words.reduce((sum, word) => sum + (wordStart(lower, word) ? word.length : 0), 0)
    if (score > bestScore) [best, bestScore] = [topic, score]
  }
  return best
}

/** Whether `word` occurs where a word begins. */
function wordStart(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[a-z0-9]/.test(text[at - 1] as string)) return true
  }
  return false
}

function excerpt(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > 160 ? `${flat.slice(0, 157)}...` : flat
}
