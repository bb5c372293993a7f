import { SluiceError } from '../../errors.ts'

/** Raised for a request that an endpoint cannot be asked about. */
export function notCountable(what: string): SluiceError {
  return new SluiceError({
    code: 'tokens.not_countable',
    message: `The tokens of the request cannot be asked for: ${what}. Use countRequest() or estimateRequest() for it.`,
  })
}
