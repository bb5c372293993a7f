import type { Target } from './target.ts'

/** Whether a value has what a router needs of a target. */
export function isTarget(value: unknown): value is Target {
  if (typeof value !== 'object' || value === null) return false
  const { id, model, apis, handle } = value as Partial<Target>
  return typeof id === 'string' && typeof model === 'string' && Array.isArray(apis) && typeof handle === 'function'
}
