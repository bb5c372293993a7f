import { anthropicDialects, openaiDialects, type Dialect } from './api/known.ts'
import { overlayClient, type SdkClient } from './client-overlay.ts'
import { configError, SluiceError } from './errors.ts'
import { messageOf } from './errors-http.ts'
import { settingsOf, type SluiceOptions } from './fetch.ts'
import type { Middleware } from './pipeline.ts'
import { Seam } from './seam.ts'

/**
 * A client that {@link sluice} can wrap: `OpenAI` (Azure and Bedrock variants too) from version 5, or `Anthropic`.
 * Structural, so that a second installed copy or another major version of an SDK fits.
 */
export interface WrappableClient {
  baseURL: string
  maxRetries: number
  timeout: number
  withOptions(options: object): unknown
}

/**
 * The same client with middleware under it: the class, its types and every helper stay what they are (`.stream()`,
 * `.parse()`, `runTools`, `withResponse()`, `withOptions()` copies…), because what changes sits below the SDK, at its
 * `fetch`. The client that was passed in is left untouched.
 *
 * Not seen: WebSocket surfaces (realtime), which do not go through `fetch`; endpoints in no known dialect (files, audio,
 * fine-tuning…), which pass byte for byte. A client with X.509 workload identity cannot be wrapped: it takes no `fetch`.
 *
 * @param middleware first listed is outermost.
 * @throws {SluiceError} `config.client`, `config.middleware`, `config.option`, `config.dialect_mismatch`, each naming the
 * value and the fix.
 *
 * @example
 * const openai = sluice(new OpenAI(), [logging])
 * await openai.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Hello' }] })
 */
export function sluice<C extends WrappableClient>(
  client: C,
  middleware: readonly Middleware[],
  options: SluiceOptions = {},
): C {
  const settings = settingsOf(middleware, options, dialectsOf(client))
  const seam = new Seam({ ...settings, failureStatus: 500 })
  try {
    return overlayClient(client as unknown as SdkClient, seam) as unknown as C
  } catch (cause) {
    throw new SluiceError({
      code: 'config.client',
      message:
        `This ${nameOf(client)} client cannot be copied with withOptions(): ${messageOf(cause)}. Wrap one whose ` +
        'constructor takes the options of the SDK; X.509 workload identity allows no copy with a fetch of its own.',
      cause,
    })
  }
}

/** The dialects that a client speaks, told by its resources rather than its class: copies and majors differ. */
function dialectsOf(client: WrappableClient): readonly Dialect[] {
  const { withOptions, baseURL, chat, messages } = (client ?? {}) as unknown as Record<string, unknown>
  if (typeof withOptions === 'function' && typeof baseURL === 'string') {
    if (typeof chat === 'object') return openaiDialects
    if (typeof messages === 'object') return anthropicDialects
  }
  throw configError(
    'client',
    `sluice() wraps an OpenAI (version 5 or later) or Anthropic client, got ${nameOf(client)}. ` +
      'For any other SDK that takes a fetch function use sluiceFetch(middleware).',
  )
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  return (value as { constructor?: { name?: string } }).constructor?.name || 'an object'
}
