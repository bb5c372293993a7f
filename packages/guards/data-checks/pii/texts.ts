import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface LabelledSpan {
  readonly start: number
  readonly end: number
  readonly type: string
}

export interface LabelledText {
  readonly text: string
  readonly spans: readonly LabelledSpan[]
  readonly source: string
  /** Which sentence it was filled from. */
  readonly template?: number
  /** Rules are tuned by reading `tuning` texts; of the `held-out` ones only totals are looked at. No template is in both. */
  readonly half: 'tuning' | 'held-out'
}

/** The texts of a file of the data folder. Halves go by template number, or by row where there is none. */
export function readTexts(file: 'pii' | 'pii_negatives'): LabelledText[] {
  const path = join(process.env['SLUICE_DATA'] ?? '../shared/data', 'guards', `${file}.jsonl`)
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line, row) => {
      const text = JSON.parse(line) as Omit<LabelledText, 'half'>
      return { ...text, half: (text.template ?? row) % 2 === 0 ? 'tuning' : 'held-out' }
    })
}
