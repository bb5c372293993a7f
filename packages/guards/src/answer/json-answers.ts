import type { JsonObject } from '@sluice/core'

/**
 * Whether a request asks for JSON in place of text: OpenAI's `response_format` and `text.format`, Anthropic's
 * `output_config.format` and its predecessor `output_format`.
 */
export function asksForJson({ response_format, text, output_config, output_format }: JsonObject): boolean {
  return (
    isJsonFormat(response_format) ||
    isJsonFormat(output_format) ||
    isJsonFormat((text as JsonObject | null | undefined)?.['format']) ||
    isJsonFormat((output_config as JsonObject | null | undefined)?.['format'])
  )
}

function isJsonFormat(format: unknown): boolean {
  const type = (format as JsonObject | null | undefined)?.['type']
  return typeof type === 'string' && type.startsWith('json')
}
