import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(process.env['SLUICE_DATA'] ?? '../shared/data', 'eval')

/** The rows of a JSONL file of the data folder. */
export function rows<Row>(name: string): Row[] {
  return readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
}

/** A JSON file of the data folder. */
export function json<Value>(name: string): Value {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Value
}
