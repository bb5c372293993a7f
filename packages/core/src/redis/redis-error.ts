import { isSluiceError, SluiceError } from '../errors.ts'

export function timeoutError(script: string, timeoutMs: number, mayHaveRun: boolean): SluiceError {
  return new SluiceError({
    code: 'redis.timeout',
    message: `Redis did not answer ${script} within ${timeoutMs} ms. Check its load and the network.`,
    details: { script, timeoutMs, mayHaveRun },
    status: 503,
  })
}

export function unavailableError(script: string, cause: unknown): SluiceError {
  return new SluiceError({
    code: 'redis.unavailable',
    message: `Redis could not be reached for ${script}. Check that it runs and that the client is connected.`,
    // A connection that breaks after a command was sent says nothing about whether it was carried out.
    details: { script, mayHaveRun: true },
    status: 503,
    cause,
  })
}

export function refusedError(script: string, cause: Error): SluiceError {
  const kind = /^-?([A-Z]+)/.exec(cause.message)?.[1] ?? 'ERR'
  return new SluiceError({
    code: 'redis.refused',
    message: `Redis refused ${script} with ${kind}; the cause of this error has its words.`,
    details: { script, kind, mayHaveRun: false },
    status: 503,
    cause,
  })
}

/** Whether an error means that Redis gave no usable answer, so that whoever asked has to decide without it. */
export function isRedisError(error: unknown): boolean {
  return isSluiceError(error) && error.code.startsWith('redis.')
}
