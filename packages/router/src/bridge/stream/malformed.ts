import { isSluiceError, SluiceError } from '@sluice/core'
import type { BridgedApi } from './piece.ts'

/** Runs what reads a provider's JSON; JSON that is not of the dialect is a typed error. */
export function reading<T>(api: BridgedApi, what: 'answer' | 'event', read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (isSluiceError(cause)) throw cause
    throw new SluiceError({
      code: 'bridge.malformed',
      message: `An ${what} is not in ${api}, which its provider speaks. The provider or a proxy broke it; retry the call.`,
      details: { api },
      status: 502,
      cause,
    })
  }
}
