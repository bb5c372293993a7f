import { inputTokens, outputTokens, type JsonObject, type Usage } from '@sluice/core'

/** Chat's totals include everything; the details are parts of them. A cache lifetime is not told. */
export function chatUsage(usage: Usage): JsonObject {
  return {
    prompt_tokens: inputTokens(usage),
    completion_tokens: outputTokens(usage),
    total_tokens: inputTokens(usage) + outputTokens(usage),
    prompt_tokens_details: {
      cached_tokens: usage.cacheRead,
      cache_write_tokens: usage.cacheWrite5m + usage.cacheWrite1h,
      audio_tokens: usage.audioInput,
      image_tokens: usage.imageInput,
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoning, audio_tokens: usage.audioOutput },
  }
}

/** As chat's, with cache writes by lifetime, and without sound and images, which have no field. */
export function responsesUsage(usage: Usage): JsonObject {
  const { cacheRead, cacheWrite5m, cacheWrite1h, reasoning } = usage
  return {
    input_tokens: inputTokens(usage),
    input_tokens_details: {
      cached_tokens: cacheRead,
      cache_write_tokens: cacheWrite5m + cacheWrite1h,
      ...(cacheWrite1h > 0 && {
        cache_write_tokens_details: { ttl_30m_tokens: cacheWrite5m, ttl_12h_tokens: cacheWrite1h },
      }),
    },
    output_tokens: outputTokens(usage),
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: inputTokens(usage) + outputTokens(usage),
  }
}

/**
 * Anthropic's counts exclude each other: `input_tokens` is what no cache read or wrote. As `message_delta` has them;
 * cache writes by lifetime are added where there were any, because nothing else would tell their price.
 */
export function messagesUsage(usage: Usage): JsonObject {
  const { fresh, audioInput, imageInput, cacheRead, cacheWrite5m, cacheWrite1h, reasoning } = usage
  return {
    input_tokens: fresh + audioInput + imageInput,
    cache_creation_input_tokens: cacheWrite5m + cacheWrite1h,
    cache_read_input_tokens: cacheRead,
    ...(cacheWrite5m + cacheWrite1h > 0 && {
      cache_creation: { ephemeral_5m_input_tokens: cacheWrite5m, ephemeral_1h_input_tokens: cacheWrite1h },
    }),
    output_tokens: outputTokens(usage),
    output_tokens_details: reasoning > 0 ? { thinking_tokens: reasoning } : null,
    server_tool_use: null,
  }
}
