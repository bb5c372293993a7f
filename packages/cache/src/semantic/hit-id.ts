import { hash } from 'node:crypto'
import type { StoreKey } from '../store/store.ts'
import { normalised } from './normalised.ts'

/** What a hit was: which entry was served, for which prompt. */
export interface HitName {
  readonly key: StoreKey
  readonly prompt: string
}

/** Names a prompt among those that an answer was wrong for: equal for spellings that ask the same. */
export function promptDigest(text: string): string {
  return hash('sha256', normalised(text), 'base64url').slice(0, 22)
}

/** A hit by one name, which any process that shares the store understands. */
export function hitIdOf({ key: { scope, id }, prompt }: HitName): string {
  return `${scope}.${id}.${prompt}`
}

/** The hit that {@link hitIdOf} named; `undefined` for anything else. */
export function hitNamed(hitId: string): HitName | undefined {
  const [scope, id, prompt, ...rest] = typeof hitId === 'string' ? hitId.split('.') : []
  return scope && id && prompt && rest.length === 0 ? { key: { scope, id }, prompt } : undefined
}
