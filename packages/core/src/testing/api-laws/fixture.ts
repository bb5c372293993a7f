import type { AnswerOf, ApiId, EventOf, RequestOf } from '../../api/api.ts'

/** One call in native JSON: any of its request, its answer, and the stream of the same answer. */
export interface ApiFixture<A extends ApiId = ApiId> {
  readonly name: string
  readonly request?: RequestOf<A>
  readonly whole?: AnswerOf<A>
  /** With `whole` present, the events must fold to it. */
  readonly events?: readonly EventOf<A>[]
  /** The provider's own token totals for this answer. */
  readonly totals?: { readonly input: number; readonly output: number }
  /** Set on a stream that broke off: none of its events may be terminal. */
  readonly incomplete?: boolean
}

/** Laws on one fixture, by name. */
export type Laws = Record<string, () => void>
