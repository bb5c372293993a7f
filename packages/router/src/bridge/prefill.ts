import type { JsonObject } from '@sluice/core'
import type { Loss } from './lossy.ts'

/**
 * Marks a request whose last message, the assistant's, is to be gone on with. A symbol, so that copies keep it and no JSON
 * shows it.
 */
const mark: unique symbol = Symbol('sluice.prefill')

/** The request, known to be one that is to be gone on with. */
export function asPrefill(request: JsonObject): JsonObject {
  return { ...request, [mark]: true }
}

/**
 * What a translation lost, less what it says of a last message that is to be gone on with: Anthropic does just that, where
 * other providers would answer it.
 */
export function lossesOf(request: JsonObject, lossy: readonly Loss[]): readonly Loss[] {
  if (!(mark in request)) return lossy
  const name = Array.isArray(request['messages']) ? 'messages' : 'input'
  const last = (request[name] as readonly unknown[]).length - 1
  return lossy.filter(({ path }) => path !== `${name}[${last}]`)
}
