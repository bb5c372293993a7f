import type { Api, ApiId } from './api.ts'
import { routes } from './routes.ts'

/** A dialect that may not be loaded yet: an {@link Api} is one that is. */
export interface Dialect {
  readonly id: ApiId
  match(path: string): boolean
  /** Missing where the dialect is loaded already. */
  readonly load?: () => Promise<Api>
}

/** A dialect whose code is loaded when its first call comes: a client of one provider never loads the other's. */
function lazy<A extends ApiId>(id: A, load: () => Promise<Api<A>>): Dialect {
  return { id, match: routes[id], load: load as () => Promise<Api> }
}

export const openaiDialects: readonly Dialect[] = [
  lazy('openai.chat', async () => (await import('./openai-chat/index.ts')).openaiChat),
  lazy('openai.responses', async () => (await import('./openai-responses/index.ts')).openaiResponses),
  lazy('openai.embeddings', async () => (await import('./openai-embeddings/index.ts')).openaiEmbeddings),
  lazy('openai.completions', async () => (await import('./openai-completions/index.ts')).openaiCompletions),
]

export const anthropicDialects: readonly Dialect[] = [
  lazy('anthropic.messages', async () => (await import('./anthropic-messages/index.ts')).anthropicMessages),
]

/** Every dialect that Sluice speaks. */
export const knownDialects: readonly Dialect[] = [...openaiDialects, ...anthropicDialects]
