/**
 * How well the fake provider answers real JSON schemas: of the samples it draws for the schemas of
 * `structured/maskbench-sample.jsonl`, how many does zod's reader of the same schema accept?
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromJSONSchema } from 'zod'
import { seeded } from '../src/testing/fake-provider/model/random.ts'
import { sampleSchema, SchemaSampleError } from '../src/testing/fake-provider/model/schema-sample.ts'

const lines = readFileSync(
  join(process.env['SLUICE_DATA'] ?? '../shared/data', 'structured/maskbench-sample.jsonl'),
  'utf8',
)
let drawn = 0
let valid = 0
let refused = 0
let unread = 0
for (const line of lines.trim().split('\n')) {
  const { schema } = JSON.parse(line) as { schema: object }
  let reader: ReturnType<typeof fromJSONSchema>
  try {
    reader = fromJSONSchema(schema as never)
  } catch {
    unread += 1
    continue
  }
  for (let seed = 0; seed < 4; seed += 1) {
    try {
      const sample = sampleSchema(schema, seeded(seed))
      drawn += 1
      if (reader.safeParse(sample).success) valid += 1
    } catch (error) {
      if (!(error instanceof SchemaSampleError)) throw error
      refused += 1
    }
  }
}
const share = valid / drawn
console.log(
  `${drawn} samples drawn, ${valid} valid (${(share * 100).toFixed(1)} %), ${refused} refused with a reason, ${unread} schemas that zod cannot read`,
)
// The misses are branches of a `oneOf` that overlap, which a sampler cannot see without a validator.
if (!(share >= 0.96)) throw new Error('The sampler conforms less often than it did')
