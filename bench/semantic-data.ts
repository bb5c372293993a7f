import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(process.env['SLUICE_DATA'] ?? '../shared/data', 'cache')

/** A question with the name of its right answer. */
export interface Question {
  readonly text: string
  readonly answer: string
  /** Questions of one scope never meet those of another. @default one for all */
  readonly scope?: string
}

/** Two questions; `same`: one answer is right for both. */
export interface QuestionPair {
  readonly a: string
  readonly b: string
  readonly same: boolean
}

/** Questions of customers with their intents, which stand for the answers of a help centre. */
export function readQuestions(file: 'banking77' | 'clinc150'): Question[] {
  return lines<{ text: string; intent: string }>(file).map(({ text, intent }, index) => ({
    text,
    // What is out of scope has no answer in common with anything.
    answer: intent === 'oos' ? `oos ${index}` : intent,
  }))
}

export function readPairs(file: 'checklist-qqp' | 'sts16-stackexchange'): QuestionPair[] {
  return lines<{ a: string; b: string; same: number }>(file).map(({ a, b, same }) => ({ a, b, same: same === 1 }))
}

function lines<T>(file: string): T[] {
  return readFileSync(join(folder, `${file}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

/** Draws that are the same each time. */
export function draws(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

export function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const list = [...values]
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    ;[list[at], list[other]] = [list[other] as T, list[at] as T]
  }
  return list
}
