import type { Generations, StoredEntry } from './store.ts'

/** Whether parsed JSON is an entry. What a store holds was written by whoever has its password: nothing is taken for granted. */
export function isStoredEntry(value: unknown): value is StoredEntry {
  if (!isRecord(value)) return false
  const { api, check, answer, boundaries, requestIds, tags, semantic } = value
  return (
    typeof api === 'string' &&
    typeof check === 'string' &&
    isRecord(answer) &&
    (boundaries === undefined || isBoundaries(boundaries)) &&
    isRecordOf(requestIds, 'string') &&
    isGenerations(tags) &&
    [value['storedAtMs'], value['freshUntilMs'], value['staleUntilMs'], value['errorUntilMs'], value['tookMs']].every(
      Number.isFinite,
    ) &&
    (semantic === undefined || isSemanticPart(semantic))
  )
}

/** When an entry is past all its times, in Unix milliseconds. */
export function endOf({ freshUntilMs, staleUntilMs, errorUntilMs }: StoredEntry): number {
  return Math.max(freshUntilMs, staleUntilMs, errorUntilMs)
}

function isBoundaries(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (cut) => Array.isArray(cut) && typeof cut[0] === 'string' && Number.isSafeInteger(cut[1]) && cut[1] >= 0,
    )
  )
}

function isGenerations(value: unknown): value is Generations {
  return isRecordOf(value, 'number')
}

function isSemanticPart(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { text, group, rejected } = value
  return (
    typeof text === 'string' &&
    typeof group === 'string' &&
    Array.isArray(rejected) &&
    rejected.every((digest) => typeof digest === 'string')
  )
}

function isRecordOf(value: unknown, type: 'string' | 'number'): boolean {
  return isRecord(value) && Object.values(value).every((field) => typeof field === type)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
