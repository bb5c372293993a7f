import type { Api, ApiId } from './api.ts'
import { routes } from './routes.ts'

/** A dialect that may not be loaded yet: an {@link Api} is one that is. */
export interface Dialect {
  readonly id: ApiId
  match(path: string): boolean
  /** Missing where the dialect is loaded already. */
  readonly load?: () => Promise<Api>
}

/**
 * A dialect whose code is loaded when its first call comes: a client of one provider never loads the other's; and the same
 * for calls that ask about its requests.
 */
function lazy<A extends ApiId>(id: A, load: () => Promise<{ readonly api: Api<A> }>, asides?: RegExp): Dialect[] {
  const loaded = async (): Promise<Api> => (await load()).api as unknown as Api
  return [
    { id, match: routes[id], load: loaded },
    { id, match: (path) => asides?.test(path) === true, load: async () => ({ ...(await loaded()), isAside: true }) },
  ]
}

export const openaiDialects: readonly Dialect[] = [
  ...lazy('openai.chat', () => import('./openai-chat/index.ts')),
  ...lazy('openai.responses', () => import('./openai-responses/index.ts'), /\/responses\/(compact|input_tokens)$/),
  ...lazy('openai.embeddings', () => import('./openai-embeddings/index.ts')),
  ...lazy('openai.completions', () => import('./openai-completions/index.ts')),
]

export const anthropicDialects: readonly Dialect[] = lazy(
  'anthropic.messages',
  () => import('./anthropic-messages/index.ts'),
  /\/messages\/count_tokens$/,
)

/** Every dialect that Sluice speaks. */
export const knownDialects: readonly Dialect[] = [...openaiDialects, ...anthropicDialects]
