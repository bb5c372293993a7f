import type { SluiceError } from '@sluice/core'
import { detectorError } from '../errors.ts'
import type { LabelScores } from './scored-verdict.ts'

/** The scores of labels that count, by the names that the options have for them. */
export function inOwnSpelling(
  scores: LabelScores,
  labels: readonly string[],
  harmless: readonly string[],
): LabelScores {
  const given = Object.entries(scores)
  const known = given.flatMap(([label, score]): [string, number][] => {
    const own = labels.find((each) => isSame(each, label))
    return own === undefined ? [] : [[own, score]]
  })
  const stranger = known.length > 0 ? undefined : given.find(([label]) => !isAmong(harmless, label))
  if (stranger === undefined) return Object.fromEntries(known)
  throw failed(
    `named the label ${shownLabel(stranger[0])}, which is neither in labels (${labels.join(', ')}) nor in harmless ` +
      `(${harmless.length > 0 ? harmless.join(', ') : 'none'})`,
  )
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** Whether a label is one of a list, in any case. */
export function isAmong(labels: readonly string[], label: string): boolean {
  return labels.some((each) => isSame(each, label))
}

/** A label is no text of a user's, but what a server calls a label may be anything. */
function shownLabel(label: string): string {
  return /^[\p{L}\p{N}][\p{L}\p{N} _./:-]{0,39}$/u.test(label) ? `"${label}"` : `of ${label.length} characters`
}

/** Lists of `{ label, score }`, one for each text, as text-embeddings-inference and Hugging Face endpoints answer. */
export function readLists(answer: unknown, texts: readonly string[]): LabelScores[] {
  const lists: unknown = texts.length === 1 && Array.isArray(answer) && !Array.isArray(answer[0]) ? [answer] : answer
  if (!Array.isArray(lists)) throw failed('gave no list')
  return lists.map((list: unknown) => {
    if (!Array.isArray(list) || list.length === 0) throw failed('gave no list of labels')
    if (!list.every((each) => typeof each?.label === 'string'))
      throw failed('gave a list of something else than labels')
    return Object.fromEntries(list.map(({ label, score }: { label: string; score: number }) => [label, score]))
  })
}

/** vLLM names the most probable label only; of two, the other one has the rest. */
export function readVllm(answer: unknown, labels: readonly string[], harmless: readonly string[]): LabelScores[] {
  const { data } = (answer ?? {}) as { data?: readonly { label?: string | null; probs?: readonly number[] }[] }
  if (!Array.isArray(data)) throw failed('gave no data')
  return data.map(({ label, probs }) => {
    if (typeof label !== 'string' || !Array.isArray(probs)) throw failed('gave no label or no probabilities')
    const [top = Number.NaN, next = 1 - top] = (probs as number[]).toSorted((a, b) => b - a)
    return isAmong(harmless, label) ? { [labels[0] as string]: next } : { [label]: top }
  })
}

/** The error of a classifier that did not classify; it quotes nothing of what it sent. */
export function failed(what: string): SluiceError {
  return detectorError({
    code: 'guard.classifier',
    message: `A classifier of the guards ${what}. See that its URL, its model, its labels and "read" fit each other.`,
    status: 502,
  })
}
