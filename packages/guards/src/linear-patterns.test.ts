import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { patternStatus } from './testing/pattern-status.ts'

const folders = [
  'secrets',
  'urls',
  'phrases',
  'grounded',
  'model',
  'patterns',
  'pii',
  'ids',
  'injection',
  'injection/text',
  'injection/rules',
  'restore',
  'request',
  'answer',
  'stream',
]
const files = [
  ...folders.flatMap((folder) => readdirSync(join(import.meta.dirname, folder)).map((name) => join(folder, name))),
  'confidence.ts',
  'custom.ts',
  'format.ts',
  'language.ts',
  'profanity.ts',
].filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))

/** A regular expression where one can stand in code: after an operator, a bracket, a comma or a word such as `return`. */
const literal = /(?:[=(,:[!&|?{}]|return)\s*\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)/g

const patterns = files.flatMap((file) => {
  const source = readFileSync(join(import.meta.dirname, file), 'utf8')
  const code = source.replaceAll(/^\s*(?:\/\/|\*|\/\*\*).*$/gm, '')
  return Array.from(code.matchAll(literal), ([, pattern = '', flags = '']) => [file, pattern, flags] as const)
})

describe('the patterns in the code of detectors', () => {
  it('are found', () => {
    expect(patterns.length).toBeGreaterThan(40)
  })

  it.each(patterns)('%s takes linear time: /%s/%s', (_, pattern, flags) => {
    const status = patternStatus(pattern, flags.replaceAll(/[gy]/g, ''))
    // For classes of all the letters there are, recheck may give up; tests of growth stand in for it there.
    if (/\\[pP]\{/.test(pattern)) expect(status).not.toBe('vulnerable')
    else expect(status).toBe('safe')
  })
})
