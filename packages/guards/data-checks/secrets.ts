/**
 * secrets() on texts without secrets, `guards/*.jsonl`: at most one in 200 may be found, and none of the strings that look
 * like secrets and are none. Recall is measured on keys drawn from the published formats, set into texts of the data.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { secrets } from '@sluice/guards'
import type { Detector, Verdict } from '../src/detector.ts'
import { formats } from '../src/secrets/key-formats.ts'
import { drawn, sampleKey, samplePrivateKey, seededRandom } from '../src/testing/sample-key.ts'

const folder = join(process.env['SLUICE_DATA'] ?? '../shared/data', 'guards')
const random = seededRandom(20_261_122)
const detector: Detector = secrets()
const found = (text: string): Verdict => detector.check(text, { stage: 'input', signal: undefined }) as Verdict

let failed = 0
function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`)
  if (!holds) failed += 1
}

interface Row {
  readonly text: string
  readonly source: string
}
const rows = ['injection', 'moderation', 'pii', 'pii_negatives'].flatMap((name) =>
  readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row),
)

// No text of the sets holds a secret: what is found is false.
const sources = [...new Set(rows.map(({ source }) => source))].sort()
let falseHits = 0
for (const source of sources) {
  const texts = rows.filter((row) => row.source === source)
  const hits = texts.filter(({ text }) => found(text).action !== 'allow').length
  falseHits += hits
  console.log(`       ${source}: ${hits} of ${texts.length}`)
}
check(`false positives ${falseHits} of ${rows.length} texts, at most 0.5 %`, falseHits <= rows.length * 0.005)

const draw = (of: string, count: number): string => drawn(of, count, random)
const uuid = (): string => [8, 4, 4, 4, 12].map((count) => draw('0-9a-f', count)).join('-')
const lookAlikes: Readonly<Record<string, () => string>> = {
  uuid: () => `${uuid()} {"id": "${uuid()}", "session": "${uuid()}"}`,
  'git commit': () => `commit ${draw('0-9a-f', 40)}\nmerge ${draw('0-9a-f', 7)}..${draw('0-9a-f', 12)}`,
  sha: () => `sha256:${draw('0-9a-f', 64)} ${draw('0-9a-f', 128)} md5=${draw('0-9a-f', 32)}`,
  'image in base64': () => `<img src="data:image/png;base64,iVBORw0KGgo${draw('A-Za-z0-9+/', 4_000)}==">`,
  'bytes in base64': () => draw('A-Za-z0-9+/', 4_000),
  'npm lock': () => `"integrity": "sha512-${draw('A-Za-z0-9+/', 86)}=="`,
  'pnpm lock': () => `resolution: {integrity: sha512-${draw('A-Za-z0-9+/', 86)}==}`,
  'yarn lock': () => `checksum: 10c0/${draw('0-9a-f', 128)}`,
  'cargo lock': () => `checksum = "${draw('0-9a-f', 64)}"`,
  'go sum': () => `golang.org/x/net v0.1.0 h1:${draw('A-Za-z0-9+/', 43)}=`,
  'pip hash': () => `--hash=sha256:${draw('0-9a-f', 64)}`,
  'names with underscores': () =>
    `__${draw('a-z', 8)}__ _${draw('a-z', 6)}_${draw('a-z', 9)} test_${draw('a-z', 12)}_${draw('0-9', 4)}_${draw('a-z', 7)}_${draw('0-9a-f', 32)}.log rnd_${draw('a-z', 5)}_${draw('a-z', 9)}`,
  'ids and times': () =>
    `order ${draw('0-9', 10)} at 2026-11-22T10:${draw('0-5', 2)}:00 from 10.0.0.${draw('1-9', 2)}:5432, api-${draw('0-9a-f', 10)}-${draw('a-z', 5)}`,
  table: () =>
    `| password | varchar(${draw('1-9', 2)}) | hashed |\n| token | ${draw('a-z', 6)}_${draw('a-z', 6)} | ${draw('0-9a-f', 8)} |`,
  placeholder: () =>
    [
      'OPENAI_API_KEY=YOUR_API_KEY',
      'api_key: "your-api-key-here"',
      'token = "<TOKEN>"',
      'password: ${DB_PASSWORD}',
      'sk-xxxxxxxxxxxxxxxxxxxxxxxx',
      'secret: "REPLACE_ME_1234567890"',
    ].join('\n'),
}
for (const [name, make] of Object.entries(lookAlikes)) {
  const hits = Array.from({ length: 500 }, make).filter((text) => found(text).action !== 'allow').length
  check(`no hit on ${name}: ${hits} of 500`, hits === 0)
}

// Recall on keys of the formats themselves: what it shows is that context around a key does not hide it.
const hosts = rows.filter(({ text }) => text.length < 600)
const settings: readonly ((key: string) => string)[] = [
  (key) => `my key is ${key}, is that safe?`,
  (key) => `export KEY=${key}`,
  (key) => `{"key":"${key}"}`,
  (key) => `curl -H "Authorization: Bearer ${key}" https://api.example.com`,
  (key) => `it is __${key}__, and not the other`,
  (key) => String.raw`{"log":"first line\n${key}\nlast"}`,
]
let [keys, keysFound] = [0, 0]
for (const format of formats)
  for (const setting of settings) {
    const host = hosts[Math.floor(random() * hosts.length)] as Row
    const key = sampleKey(format, random)
    const text = `${host.text}\n${setting(key)}`
    keys += 1
    const at = text.indexOf(key)
    const from = at + (format.kept ?? 0)
    if (found(text).spans.some(({ start, end }) => start <= from && end >= at + key.length)) keysFound += 1
    else console.log(`       not found: ${format.rule} in ${setting('…')}`)
  }
check(`keys drawn from ${formats.length} formats ${keysFound} of ${keys}`, keysFound / keys >= 0.99)
const pems = Array.from({ length: 100 }, (_, index) =>
  samplePrivateKey(['', 'RSA', 'EC', 'OPENSSH'][index % 4] as string, 4 + (index % 40), random),
)
check(
  'private keys 100 of 100',
  pems.every((key) => found(`x ${key} y`).spans[0]?.end === key.length + 2),
)
const passwords = Array.from({ length: 5_000 }, () => draw('A-Za-z0-9', 20))
const labelled = passwords.filter((value, index) => {
  const text = [
    `client_secret: ${value}`,
    `The API key is ${value}.`,
    `{"accessToken": "${value}"}`,
    `password=${value}`,
  ][index % 4] as string
  return found(text).spans.some(({ start, end }) => text.slice(start, end) === value)
})
check(
  `random values of 20 letters and digits beside a name ${labelled.length} of ${passwords.length}`,
  labelled.length >= passwords.length * 0.96,
)

if (failed > 0) throw new Error(`${failed} checks of secrets() failed`)
