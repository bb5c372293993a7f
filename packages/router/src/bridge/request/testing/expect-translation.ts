import type { ApiId, RequestOf } from '@sluice/core'
import type { Loss } from '../../lossy.ts'
import { translateRequest, type TranslateRequestOptions } from '../translate.ts'

/** A translation with its losses in short: `temperature`, `~temperature` for one that is changed, `!…` for a fatal one. */
export function translated(
  from: ApiId,
  to: ApiId,
  request: object,
  options?: TranslateRequestOptions,
): { readonly request: RequestOf<ApiId>; readonly lossy: string[] } {
  const result = translateRequest(from, to, request as never, options)
  return { request: result.request, lossy: result.lossy.map(short) }
}

function short({ path, changed, fatal }: Loss): string {
  return `${changed ? '~' : ''}${fatal ? '!' : ''}${path}`
}
