import { isName, runEnd, value } from './characters.ts'
import { isRandom } from './randomness.ts'
import type { SecretFindings } from './secret-findings.ts'

const name = 'sig'
/** 32 bytes in base64 or base64url, without what fills it up. */
const digits = 43
const longestSignature = 3 * digits + 3
const [escapedSign, escapedFill] = [/%2[BF]/i, /%3D/i]

/** Finds the signature of a shared access address of Azure, after the `=` of `sig=…` at `index`. */
export function findSignature(index: number, into: SecretFindings): void {
  const { text } = into
  const from = index - name.length
  if (from < 0 || !text.startsWith(name, from) || (from > 0 && isName(text.charCodeAt(from - 1)))) return
  const start = index + 1
  if (start + longestSignature >= text.length && runEnd(text, start, value, longestSignature + 1) >= text.length)
    into.touch(start)
  const end = signatureEnd(text, start)
  if (end > start && isRandom(text.slice(start, end))) into.add(start, end, 'azure_sas', 0.95)
}

/** The end of 32 bytes in base64, its signs escaped or not; `start` where there are fewer or more. */
function signatureEnd(text: string, start: number): number {
  let end = start
  for (let count = 0; count < digits; count += 1) {
    if (/[\w+/-]/.test(text.charAt(end))) end += 1
    else if (escapedSign.test(text.slice(end, end + 3))) end += 3
    else return start
  }
  if (text[end] === '=') end += 1
  else if (escapedFill.test(text.slice(end, end + 3))) end += 3
  return /[A-Za-z0-9%=+/-]/.test(text.charAt(end)) ? start : end
}
