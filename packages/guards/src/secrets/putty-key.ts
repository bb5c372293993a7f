import { runEnd, token } from './characters.ts'
import type { SecretFindings } from './secret-findings.ts'

/** What stands before the colon after which the private part of a key file of PuTTY begins. */
const heading = 'Private-Lines'
const count = /: (\d{1,3})/y
/** The end of a line, in a text or in JSON. */
const lineEnd = /\r?\n|(?:\\r)?\\n/y
const [mostLines, longestLine, longestBreak] = [400, 64, 4]
/** Fewer characters are no key, but an example. */
const fewest = 40

/** Finds the private part of a key file of PuTTY: as many lines as the heading says, whose colon is at `index`. */
export function findPuttyKey(index: number, into: SecretFindings): void {
  const { text } = into
  if (index < heading.length || !text.startsWith(heading, index - heading.length)) return
  count.lastIndex = index
  let left = Number(count.exec(text)?.[1] ?? 0)
  const start = afterLineEnd(text, count.lastIndex)
  if (left === 0 || left > mostLines || start === count.lastIndex) return
  let [next, end] = [start, start]
  for (; left > 0; left -= 1) {
    const close = runEnd(text, next, token, longestLine + 1)
    if (close - next > longestLine || !/^[A-Za-z0-9+/=]{1,64}$/.test(text.slice(next, close))) break
    end = close
    next = afterLineEnd(text, end)
    if (next === end) break
  }
  if (left > 0 && text.length - next <= longestLine + longestBreak) into.touch(start)
  if (end - start >= fewest) into.add(start, end, 'private_key', 1)
}

function afterLineEnd(text: string, index: number): number {
  lineEnd.lastIndex = index
  return lineEnd.test(text) ? lineEnd.lastIndex : index
}
