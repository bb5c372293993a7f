import type { ApiId } from './api.ts'

/** A URL's path as the routes compare it: providers and proxies take other spellings of it for the same. */
export function pathOf(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1)
  if (!/[%A-Z]|\/$/.test(path)) return path
  try {
    return decodeURIComponent(path).toLowerCase().replace(/\/+$/, '')
  } catch {
    return path
  }
}

/**
 * Which dialect a URL path (without its query) belongs to. Ends are matched: prefixes differ by host (`/v1`,
 * `/openai/deployments/x`, `/api/v1`). Kept apart from the dialects, so that a client knows its calls before it loads them.
 */
export const routes: { readonly [A in ApiId]: (path: string) => boolean } = {
  'openai.chat': (path) => path.endsWith('/chat/completions'),
  'openai.responses': (path) => path.endsWith('/responses'),
  'openai.completions': (path) => path.endsWith('/completions') && !path.endsWith('/chat/completions'),
  'openai.embeddings': (path) => path.endsWith('/embeddings'),
  // OpenAI's threads end alike.
  'anthropic.messages': (path) => path.endsWith('/messages') && !/\/threads\/[^/]+\/messages$/.test(path),
}
