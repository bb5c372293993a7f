import { SluiceError } from '@sluice/core'
import type { ApiId, JsonObject, RequestOf } from '@sluice/core'

/** A question of our own. */
export interface SingleTurn {
  readonly system: string
  readonly user: string
  readonly maxOutputTokens: number
  /** JSON Schema of the answer; `undefined` for targets that take none. */
  readonly schema: JsonObject | undefined
}

/**
 * A question of our own as a request in a dialect. The model is filled in by who sends it.
 *
 * @throws {SluiceError} `cascade.dialect` for dialects in which nothing can be asked but texts.
 */
export function singleTurn(api: ApiId, turn: SingleTurn): RequestOf<ApiId> {
  const { system, user, maxOutputTokens, schema } = turn
  const named = { name: 'verdict', strict: true, schema }
  switch (api) {
    case 'openai.chat':
      return {
        model: '',
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: user },
        ],
        max_completion_tokens: maxOutputTokens,
        ...(schema && { response_format: { type: 'json_schema', json_schema: named } }),
      } as RequestOf<ApiId>
    case 'openai.responses':
      return {
        model: '',
        instructions: system,
        input: user,
        max_output_tokens: maxOutputTokens,
        store: false,
        ...(schema && { text: { format: { type: 'json_schema', ...named } } }),
      } as RequestOf<ApiId>
    case 'anthropic.messages':
      return {
        model: '',
        system,
        messages: [{ role: 'user', content: user }],
        max_tokens: maxOutputTokens,
        ...(schema && { output_config: { format: { type: 'json_schema', schema } } }),
      } as RequestOf<ApiId>
    default:
      throw new SluiceError({
        code: 'cascade.dialect',
        message: `A judge cannot be asked in ${api}. Use another estimator for calls in it.`,
        details: { api },
        status: 500,
      })
  }
}
