/**
 * Finders of secrets beside each other: false positives by source on texts without secrets, keys drawn from published
 * formats that are found, and speed. The texts are read from SLUICE_DATA, or the data folder beside the repository.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { secrets } from '@sluice/guards'
import { formats } from '../packages/guards/src/secrets/key-formats.ts'
import { sampleKey, seededRandom } from '../packages/guards/src/testing/sample-key.ts'
import { machine } from './measure.ts'

interface Row {
  readonly text: string
  readonly source: string
}
const folder = join(process.env['SLUICE_DATA'] ?? '../shared/data', 'guards')
const rows = ['injection', 'moderation', 'pii_negatives'].flatMap((name) =>
  readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row),
)

type Finder = (text: string) => boolean | Promise<boolean>
const ours = secrets()
const finders: Record<string, Finder> = {
  '@sluice/guards secrets()': async (text) =>
    (await ours.check(text, { stage: 'input', signal: undefined })).action !== 'allow',
}
const { secretKeysCheck } = await import('@openai/guardrails')
for (const threshold of ['strict', 'balanced', 'permissive'] as const)
  finders[`@openai/guardrails ${threshold}`] = async (text) =>
    (await secretKeysCheck({}, text, { threshold } as never)).tripwireTriggered

const random = seededRandom(1)
const keys = formats.flatMap((format) =>
  Array.from({ length: 3 }, () => `Use this key: ${sampleKey(format, random)} for the call.`),
)
const groups: Record<string, readonly string[]> = {
  prompts: rows.filter(({ source }) => !source.startsWith('bipia')).map(({ text }) => text),
  'mail, tables, code': rows.filter(({ source }) => source.startsWith('bipia')).map(({ text }) => text),
}

console.log(machine())
for (const [name, find] of Object.entries(finders)) {
  const figures: string[] = []
  for (const [group, texts] of Object.entries(groups)) {
    let hits = 0
    for (const text of texts) if (await find(text)) hits += 1
    figures.push(`${group} ${((100 * hits) / texts.length).toFixed(1)} % of ${texts.length}`)
  }
  let foundKeys = 0
  for (const text of keys) if (await find(text)) foundKeys += 1
  const characters = rows.reduce((sum, { text }) => sum + text.length, 0)
  const startedAtMs = performance.now()
  for (const { text } of rows) await find(text)
  const seconds = (performance.now() - startedAtMs) / 1000
  console.log(
    `${name}: false positives ${figures.join(', ')}; keys found ${((100 * foundKeys) / keys.length).toFixed(1)} % of ${keys.length}; ${(characters / seconds / 1e6).toFixed(1)} MB/s`,
  )
}
