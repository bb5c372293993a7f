import { SluiceError } from '../errors.ts'
import { isObject } from '../json.ts'
import { kindOf } from './estimate.ts'

export function checkRequest(request: unknown, of: string): void {
  if (isObject(request)) return
  throw new SluiceError({
    code: 'tokens.input',
    message: `The request of ${of} must be the provider's JSON body, got ${kindOf(request)}. Pass call.request or the parameters of the call.`,
    details: { got: kindOf(request) },
  })
}
