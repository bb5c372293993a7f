import { cues, phrases } from '../context-words.ts'
import { isIpAddress } from '../ids/libraries.ts'
import { isDigitAt, isLetterOrDigitAt, isWordAt, kindAt, letter } from './characters.ts'
import { type Findings, rank } from './findings.ts'
import { endsLabel } from './label.ts'
import type { Recogniser } from './recogniser.ts'
import { isVersion } from './version.ts'

const longestV4 = 15
const [shortestV6, longestV6] = [4, 45]
const ofAddresses = cues(phrases('ip, ipv4, address, addresse, host, server, ping, from, client, dns, subnet, gateway'))
/** Addresses of nobody: this host, any host, all hosts. */
const nobody = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|0\.0\.0\.0|255\.255\.255\.255)$/

/**
 * IP addresses, v4 and v6, without loopback, unspecified and broadcast addresses. Four numbers that are a version by what is
 * beside them are none, nor are four single digits without a word for an address.
 */
export const ip: Recogniser = {
  reach: 128,
  numbers(chain, into) {
    const { text } = into
    for (let first = 0; first < chain.starts.length; first += 1) {
      const start = chain.starts[first] as number
      if (isWordAt(text, start - 1) || text[start - 1] === '.') continue
      let end = start
      while (end - start < longestV4 + 2 && (isDigitAt(text, end) || (text[end] === '.' && end > start))) end += 1
      if (end === text.length || (end === text.length - 1 && text[end] === '.')) into.touch(start)
      // A full stop belongs to the sentence.
      if (text[end - 1] === '.') end -= 1
      if (end - start >= 7 && !isWordAt(text, end)) addV4(start, end, into)
    }
  },
  colon(index, into) {
    const { text } = into
    let start = index
    while (start > 0 && index - start <= longestV6 && isV6Character(text, start - 1)) start -= 1
    let end = index + 1
    while (end - start <= longestV6 && isV6Character(text, end)) end += 1
    if (end === text.length) into.touch(start)
    // The anchor is the first colon of each, or the one of its label.
    if (text.slice(start, index).includes(':') || isLetterOrDigitAt(text, end)) return
    if (end - index > shortestV6 && endsLabel(text, index)) start = index + 1
    else if (isLetterOrDigitAt(text, start - 1)) return
    if (text[end - 1] === '.') end -= 1
    if (text[end - 1] === ':' && text[end - 2] !== ':') end -= 1
    const address = text.slice(start, end)
    if (address.length > 3 && /\d/.test(address) && isIpAddress(address, 6) && !/^[0:]*1?$/.test(address))
      into.add(start, end, 'ip', 0.95, rank.form)
  },
  tail(into) {
    const { text } = into
    let start = text.length
    while (start > 0 && text.length - start <= longestV6 && isV6Character(text, start - 1)) start -= 1
    if (text.length - start <= longestV6 && text.indexOf(':', start) >= 0) into.touch(start)
  },
}

function addV4(start: number, end: number, into: Findings): void {
  if (end + 2 > into.text.length) into.touch(start)
  // `1.2.3.4-beta`
  if (into.text[end] === '-' && kindAt(into.text, end + 1) === letter) return
  const address = into.text.slice(start, end)
  if (!isIpAddress(address, 4) || nobody.test(address)) return
  if (isVersion(start, end, into)) return
  const around = into.around(start, end)
  const bare = address.length === 7
  if (!bare || ofAddresses.distance(around) > 0) into.add(start, end, 'ip', bare ? 0.6 : 0.95, rank.checked)
  if (bare && !around.complete) into.touch(start)
}

function isV6Character(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return (
    (code >= 48 && code <= 58) ||
    (code >= 65 && code <= 70) ||
    (code >= 97 && code <= 102) ||
    (code === 46 && index > 0)
  )
}
