import { describe, expect, it } from 'vitest'
import { signGroups } from './rules/structure.ts'
import { spokenOrders } from './spoken-order.ts'
import { assignmentPattern, hexPattern } from './text/decode.ts'
import { escapes } from './text/escapes.ts'
import { patternStatus } from '../testing/pattern-status.ts'

const patterns = [
  ...signGroups.flatMap(({ patterns: each }) => each.map(([, pattern]) => pattern)),
  assignmentPattern,
  hexPattern,
  ...escapes.map(({ pattern }) => pattern),
  ...spokenOrders,
]

describe('the patterns of injections', () => {
  it.each(patterns)('takes linear time: %s', (pattern) => {
    const status = patternStatus(pattern.source, pattern.flags.replace('g', ''))
    expect(status).toBe('safe')
  })
})
