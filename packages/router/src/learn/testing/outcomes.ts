import type { RoutingOutcome } from '../outcomes.ts'
import { seeded } from '../seeded.ts'

export interface SyntheticOptions {
  readonly rows?: number
  readonly seed?: number
  /** Whether the words of a prompt say which model does well. */
  readonly signal?: boolean
  /** Whether outcomes carry the kind of task. */
  readonly labels?: boolean
  /** Whether the small model's answer shows that it is wrong. */
  readonly answers?: boolean
}

/** Outcomes of a small and a large model: the large one is better at sums, the small one as good at chat. */
export function syntheticOutcomes(options: SyntheticOptions = {}): RoutingOutcome[] {
  const { rows = 240, seed = 1, signal = true, labels = false, answers = false } = options
  const random = seeded(seed)
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)] as string
  return Array.from({ length: rows }, (_, row) => {
    const sums = random() < 0.5
    const words = Array.from({ length: 12 }, () => pick(signal && sums ? sumWords : signal ? chatWords : allWords))
    const small = random() < (sums ? 0.3 : 0.9) ? 1 : 0
    const large = random() < 0.9 ? 1 : 0
    return {
      id: `row-${row}`,
      prompt: `${words.join(' ')}, case ${row}?`,
      ...(labels && { label: sums ? 'sums' : 'chat' }),
      models: {
        small: {
          score: small,
          costUsd: 0.001,
          ...(answers && { answer: small ? '2 + 2 = 4\n#### 4' : '2 + 2 = 5\nso it' }),
        },
        large: { score: large, costUsd: 0.02 },
      },
    }
  })
}

const sumWords = ['solve', 'integral', 'add', 'multiply', 'percent', 'ratio', 'equation', 'compute', 'interest']
const chatWords = ['greet', 'summarise', 'poem', 'story', 'translate', 'letter', 'friendly', 'holiday', 'recipe']
const allWords = [...sumWords, ...chatWords]
