import { isSluiceError, type Call } from '@sluice/core'

/** Whether a status says that the provider cannot answer now, rather than that the request is wrong. */
export function isFaultStatus(status: number): boolean {
  return status === 429 || status >= 500
}

/** Whether what was thrown is a failure of the provider or on the way to it, and no mistake in the program. */
export function isProvidersFault(call: Pick<Call, 'attempts'>, error: unknown): boolean {
  if (isSluiceError(error)) return isFaultStatus(error.status)
  // What no response came for is in the record of the try.
  return call.attempts.some(({ thrown }) => thrown !== undefined && thrown === error)
}
