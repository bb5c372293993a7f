import { draws, type Question } from './semantic-data.ts'

/**
 * Traffic as a help desk sees it, made of a question set: few topics are asked about often and most rarely (Zipf), and
 * people write the same thing a little differently each time. What is changed are greetings, politeness, typing errors,
 * letter case, punctuation and contractions; never a word that the question is about.
 */
export function likeQuestions(questions: readonly Question[], count: number, seed: number): Question[] {
  const random = draws(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const topics = [...Map.groupBy(questions, ({ answer }) => answer).values()]
  const weights = topics.map((_, rank) => 1 / (rank + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const topic = (): readonly Question[] => {
    let left = random() * total
    return topics[weights.findIndex((weight) => (left -= weight) < 0)] ?? (topics[0] as readonly Question[])
  }
  const changes: readonly ((text: string) => string)[] = [
    (text) => `${pick(['Hi, ', 'Hello, ', 'Hey, ', 'Hello! ', 'Good morning, '])}${text}`,
    (text) => `${text} ${pick(['Thanks.', 'Thank you!', 'Thanks in advance.', 'Please help.'])}`,
    (text) => text.toLowerCase(),
    (text) => text.replaceAll(/[.?!,]+/g, ''),
    (text) => contracted(text),
    (text) => mistyped(text, random),
    (text) => mistyped(text, random),
  ]
  return Array.from({ length: count }, () => {
    const { text, answer } = pick(topic())
    let said = text
    for (let left = Math.floor(random() * 4); left > 0; left -= 1) said = pick(changes)(said)
    return { text: said, answer }
  })
}

const contractions: readonly (readonly [string, string])[] = [
  ['I am', "I'm"],
  ['I have', "I've"],
  ['What is', "What's"],
  ['do not', "don't"],
  ['cannot', "can't"],
  ['did not', "didn't"],
  ['has not', "hasn't"],
]

function contracted(text: string): string {
  for (const [long, short] of contractions) {
    if (text.includes(long)) return text.replace(long, short)
    if (text.includes(short)) return text.replace(short, long)
  }
  return text
}

/** One typing error in a word of five letters or more: two letters swapped, one left out, one doubled. */
function mistyped(text: string, random: () => number): string {
  const words = [...text.matchAll(/[a-z]{5,}/g)]
  const word = words[Math.floor(random() * words.length)]
  if (!word) return text
  const at = word.index + 1 + Math.floor(random() * (word[0].length - 3))
  const [before, one, two, after] = [text.slice(0, at), text[at] ?? '', text[at + 1] ?? '', text.slice(at + 2)]
  const kind = Math.floor(random() * 3)
  if (kind === 0) return before + two + one + after
  return kind === 1 ? before + two + after : before + one + one + two + after
}
