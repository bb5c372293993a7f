import { APIError as AnthropicError } from '@anthropic-ai/sdk'
import { APIError } from 'openai'

/** Whether something thrown is a typed error of one of the SDKs. */
export function isApiError(error: unknown): error is APIError | AnthropicError {
  return error instanceof APIError || error instanceof AnthropicError
}
