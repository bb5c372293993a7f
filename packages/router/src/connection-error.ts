/** Codes that Node's sockets, DNS and undici give to failures of the connection. Not those of TLS: waiting mends no certificate. */
const codes: ReadonlySet<string> = new Set(
  (
    'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN EAI_AGAIN ENOTFOUND ' +
    'ERR_STREAM_PREMATURE_CLOSE ERR_HTTP2_STREAM_ERROR ERR_SOCKET_CLOSED UND_ERR_SOCKET UND_ERR_CONNECT_TIMEOUT ' +
    'UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT UND_ERR_CLOSED'
  ).split(' '),
)

/** What the fetches of browsers, Bun, Deno and undici say when there is no code. */
const words =
  /fetch failed|failed to fetch|load failed|networkerror|connection (?:error|closed|reset|refused)|socket hang up|terminated/i

/**
 * Whether an error that was thrown instead of a response is a failure of the connection, which another try may not have,
 * rather than a mistake in the program. Looks through `cause`, because `fetch` wraps what happened.
 */
export function isConnectionError(error: unknown): boolean {
  // Bounded: `cause` chains can be circular.
  for (let at = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    const { code } = at as { code?: unknown }
    if (typeof code === 'string' && /^[A-Z][A-Z\d_]+$/.test(code)) return codes.has(code)
    if (at.cause === undefined) return at.name === 'TimeoutError' || words.test(at.message)
    at = at.cause
  }
  return false
}
