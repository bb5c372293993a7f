import { phrases } from '../context-words.ts'
import { isDigitAt } from './characters.ts'
import type { Findings } from './findings.ts'

/** Words before four numbers that make them an address, whatever else is said. */
const ofAddresses: ReadonlySet<string> = new Set(
  phrases(`
    ip, ipv4, ips, addr, address, addresse, addresses, adresse, host, hosts, hostname, server, servers, ping, client,
    clients, dns, record, subnet, gateway, port, ssh, vpn, proxy, router, firewall, peer, endpoint, nameserver, node,
    nodes, machine, device, network, interface, src, dst, source, destination, allow, deny, listen, request, requests,
    login, traffic, connect, connected, connection, connections
  `),
)
/** Words for versions and sections, near the numbers. */
const ofVersions: ReadonlySet<string> = new Set(
  phrases(`
    version, versions, ver, v, release, releases, build, builds, firmware, fw, nuget, sdk, assemblyversion, fileversion,
    section, chapter, clause
  `),
)
/** Words for going from one version to another. */
const ofChanges: ReadonlySet<string> = new Set(
  phrases(`
    bump, bumps, bumped, bumping, upgrade, upgrades, upgraded, upgrading, downgrade, downgrades, downgraded, downgrading
  `),
)
/** Programs with versions of four small numbers, right before them. */
const programs: ReadonlySet<string> = new Set(
  phrases(`
    elasticsearch, opensearch, kibana, logstash, openssl, oracle, weblogic, websphere, jdk, jre, java, photoshop, acrobat,
    illustrator, virtualbox, libreoffice, labview, autocad
  `),
)
const mostWordsAway = 3
const mostWordsOfChange = 4
/** What ties a version to a name. */
const tie = /(?:[=<>~]=|\^)$/
const longestTie = 2
/** Numbers before, of which these are the successors. */
const predecessor = /(?:^|[^\d.])(\d{1,5}(?:\.\d{1,5}){1,3})(?: to | -> | → | - | – |-|–)$/
const longestPredecessor = 32
const ofNetworks = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/
const [buildAfter, buildBeginning] = [
  /^ \(?build\b/i,
  /^(?: (?:\((?:b(?:u(?:i(?:ld?)?)?)?)?|b(?:u(?:i(?:ld?)?)?)?)?)?$/i,
]
const longestBuild = 8

/**
 * Whether four numbers are a version or a section by what is beside them: a word for one, a change of versions (`bump x from
 * 1.2.3.4 to 1.2.3.5`), the name of a program; but not beside a word for an address, nor with a port or a mask.
 */
export function isVersion(start: number, end: number, into: Findings): boolean {
  const { text } = into
  if ((text[end] === ':' || text[end] === '/') && isDigitAt(text, end + 1)) return false
  const { before } = into.around(start, end)
  if (isAddressed(before)) return false
  if (tie.test(text.slice(Math.max(0, start - longestTie), start)) || isNamed(before)) return true
  if (text[start - 1] === ' ' && programs.has(before.at(-1) ?? '') && !ofNetworks.test(text.slice(start, end)))
    return true
  return isBuild(start, end, into) || isSuccessor(start, into)
}

function isAddressed(before: readonly string[]): boolean {
  return before.slice(-mostWordsOfChange).some((word) => ofAddresses.has(word))
}

/** Whether the words before say that what follows is a version. */
function isNamed(before: readonly string[]): boolean {
  const last = before.at(-1)
  const moves = last === 'from' || last === 'to'
  if (
    before
      .slice(-mostWordsOfChange)
      .some((word, index, { length }) => ofChanges.has(word) && (moves || index >= length - 2))
  )
    return true
  return last !== 'from' && before.slice(-mostWordsAway).some((word) => ofVersions.has(word))
}

function isBuild(start: number, end: number, into: Findings): boolean {
  const rest = into.text.slice(end, end + longestBuild)
  if (end + rest.length === into.text.length && buildBeginning.test(rest)) into.touch(start)
  return buildAfter.test(rest)
}

/** Whether it follows a version from which something went on to it. */
function isSuccessor(start: number, into: Findings): boolean {
  const from = Math.max(0, start - longestPredecessor)
  const earlier = predecessor.exec(into.text.slice(from, start))
  if (earlier?.[1] === undefined) return false
  const at = from + earlier.index + earlier[0].indexOf(earlier[1])
  const { before } = into.around(at, at + earlier[1].length)
  return isNamed(before) && !isAddressed(before)
}
