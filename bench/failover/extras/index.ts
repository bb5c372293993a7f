import type { Scenario } from '../scenario.ts'
import { abortInBackoff, breakCloses, usageOnAbort } from './aborts.ts'
import { acrossDialects } from './across-dialects.ts'
import { continuesInside } from './continues.ts'
import { errorInsideStream, refusedKey, retryAfter90, retryAfterDate } from './limits.ts'
import { retryStorm } from './storm.ts'
import { toolCallTwice } from './tool-call.ts'

/** What the public benchmark does not ask. */
export const extras: readonly Scenario[] = [
  errorInsideStream,
  toolCallTwice,
  usageOnAbort,
  retryStorm,
  retryAfter90,
  retryAfterDate,
  abortInBackoff,
  continuesInside,
  breakCloses,
  acrossDialects,
  refusedKey,
]
