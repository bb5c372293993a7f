import { consensus, type Embedder } from '../packages/cache/src/semantic/index.ts'
import { measure } from './measure.ts'
import { readQuestions } from './semantic-data.ts'
import { heading, line } from './semantic-table.ts'
import { ours, queryOf } from './semantic-world.ts'

/** What a lookup costs this process, with the whole of CLINC150 stored: embedding, search, vetoes and policy. */
export async function lookupCost(embedder: Embedder): Promise<void> {
  const questions = readQuestions('clinc150')
  const { cache, tell } = ours(consensus(), { embedder, sameForEveryone: true, auditShare: 0 })
  for (const question of questions.slice(0, 4_000)) await tell(question)
  const unseen = questions.slice(4_000)
  let at = 0
  const figures = await measure(
    [{ name: 'lookup', run: () => cache.lookup(queryOf(unseen[(at += 1) % unseen.length]?.text ?? '')) }],
    { rounds: 40, runs: 50, warmUp: 500 },
  )
  heading(`a lookup among 4,000 entries, µs of CPU; ${embedder.id}`, 'quiet', 'median')
  for (const { name, quietUs, medianUs } of figures) line(name, quietUs.toFixed(0), medianUs.toFixed(0))
}
