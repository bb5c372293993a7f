/**
 * The semantic tier on real questions, `cache/*.jsonl`: what it serves of a stream in which each question comes once, and
 * how much of that is wrong, beside a plain threshold. The limits lie a little off what `npm run bench:semantic` prints;
 * they catch a tier that has got worse, and say nothing finer.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createCache, type Cache, type CacheQuery } from '@sluice/cache'
import {
  calibrated,
  consensus,
  flatIndex,
  lexicalEmbedder,
  semantic,
  type SemanticOptions,
} from '@sluice/cache/semantic'
import { openaiChat } from '@sluice/core/apis'

const folder = join(process.env['SLUICE_DATA'] ?? '../shared/data', 'cache')
const embedder = lexicalEmbedder()

interface Question {
  readonly text: string
  readonly intent: string
}

let seed = 7
const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647

/** The questions of a file in random order; what is out of scope has no answer in common with anything. */
function read(file: string): Question[] {
  const list = readFileSync(join(folder, `${file}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line, index) => {
      const { text, intent } = JSON.parse(line) as Question
      return { text, intent: intent === 'oos' ? `oos ${index}` : intent, at: random() }
    })
  return list.toSorted((a, b) => a.at - b.at)
}

let failed = 0
function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`)
  if (!holds) failed += 1
}

const queryOf = (text: string): CacheQuery<'openai.chat'> => ({
  api: openaiChat,
  request: { model: 'any', messages: [{ role: 'user', content: text }] },
})

const answerOf = (text: string): never =>
  ({
    id: '1',
    model: 'any',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }],
  }) as never

interface Served {
  readonly hits: number
  readonly wrong: number
  /** Share of the questions in the second half that were answered. */
  readonly late: number
}

async function stream(
  questions: readonly Question[],
  options: Partial<SemanticOptions>,
): Promise<Served & { cache: Cache }> {
  const cache = createCache({
    ttlMs: 3_600_000,
    tenant: 'shared',
    maxBytes: 2 ** 30,
    semantic: semantic({ embedder, sameForEveryone: true, random, ...options }),
  })
  let [hits, wrong, late] = [0, 0, 0]
  for (const [at, { text, intent }] of questions.entries()) {
    const found = await cache.lookup(queryOf(text))
    if (found.outcome !== 'hit') {
      await cache.store(queryOf(text), { answer: answerOf(intent) })
      continue
    }
    // A few questions are in the sets twice.
    if (found.reason !== 'semantic') continue
    hits += 1
    if (at >= questions.length / 2) late += 2 / questions.length
    if (openaiChat.answer(found.entry.answer as never).choices[0]?.text !== intent) wrong += 1
    if (found.wantsAudit && found.hitId) await cache.audited(found.hitId, answerOf(intent))
  }
  return { hits, wrong, late, cache }
}

/** Wrong ones among the hits of a cosine of at least 0.8, no more. */
async function plain(questions: readonly Question[]): Promise<number> {
  const index = flatIndex()
  let [hits, wrong] = [0, 0]
  for (const [at, { text, intent }] of questions.entries()) {
    const [vector] = (await embedder.embed([text])) as [Float32Array]
    const [nearest] = await index.search('all', vector, 1)
    if (nearest && nearest.similarity >= 0.8) {
      hits += 1
      if (questions[Number(nearest.id)]?.intent !== intent) wrong += 1
    } else await index.add('all', String(at), vector)
  }
  return wrong / hits
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`

for (const [file, least, leastLate] of [
  ['banking77', 0.07, 0.11],
  ['clinc150', 0.07, 0.1],
] as const) {
  const questions = read(file)
  const { hits, wrong, late, cache } = await stream(questions, { policy: consensus(), auditShare: 1 })
  const ofPlain = await plain(questions)
  const share = hits / questions.length
  check(`${file}: consensus() serves ${percent(share)} of all ≥ ${percent(least)}`, share >= least)
  check(`${file}: and of the second half ${percent(late)} ≥ ${percent(leastLate)}`, late >= leastLate)
  check(`${file}: wrong of these ${percent(wrong / hits)} ≤ 2 %`, wrong / hits <= 0.02)
  check(`${file}: of a cosine ≥ 0.8 alone ${percent(ofPlain)}, at least twice as much`, ofPlain >= 2 * (wrong / hits))
  const figures = cache.stats().semantic
  check(`${file}: the audits found all ${wrong} of them`, figures?.wrong === wrong && figures.audited === hits)
}

// What is allowed is kept by what is learned: the same questions, 5 % allowed, so that few are enough to begin.
const learned = await stream([...read('clinc150'), ...read('banking77')], {
  policy: calibrated({ maxFalseHitRate: 0.05 }),
  maxFalseHitRate: 0.05,
})
check(
  `calibrated, 5 % allowed: ${learned.hits} hits, wrong ${percent(learned.wrong / learned.hits)} ≤ 5 %`,
  learned.hits > 50 && learned.wrong / learned.hits <= 0.05,
)

// Labels that have nothing to do with the questions leave nothing to serve.
const questions = read('banking77')
const moved = questions.map(({ text }, index) => ({
  text,
  intent: questions[(index + 997) % questions.length]?.intent ?? '',
}))
const nothing = await stream(moved, { policy: consensus() })
check(
  `with answers at random, ${nothing.hits} of ${moved.length} are served, ≤ 0.5 %`,
  nothing.hits <= moved.length * 0.005,
)

if (failed > 0) process.exitCode = 1
