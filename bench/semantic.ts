/**
 * The semantic cache beside plain thresholds, on the question sets of the data folder (`SLUICE_DATA`, else ../shared/data)
 * and on generated minimal pairs: hits, and how many of them were wrong, with the one-sided 95 % upper bound.
 *
 * Nothing is fitted on what is reported: the defaults of `consensus` were chosen on CLINC150, and the figures that count
 * are those of Banking77 and of the pairs. The truth of a question is its intent.
 *
 * `npm run bench:semantic` measures the lexical embedder, `npm run bench:semantic -- pairs` only a part; with SLUICE_EMBEDDINGS_URL and SLUICE_EMBEDDINGS_MODEL also one
 * behind an OpenAI-compatible address.
 */
import OpenAI from 'openai'
import {
  calibrated,
  consensus,
  lexicalEmbedder,
  openaiEmbedder,
  threshold,
  verified,
  type Embedder,
  type Policy,
} from '../packages/cache/src/semantic/index.ts'
import { machine } from './measure.ts'
import { draws, readQuestions, shuffled } from './semantic-data.ts'
import { lookupCost } from './semantic-cost.ts'
import { pairTables } from './semantic-pairs.ts'
import { cells, heading, line, target } from './semantic-table.ts'
import { likeQuestions } from './semantic-traffic.ts'
import { askAll, ours, plainThreshold, sum, type Answerer, type Served } from './semantic-world.ts'

const seeds = [11, 22, 33]

/** A cache by name, made anew for each run. */
type Contestant = readonly [name: string, make: (seed: number) => Answerer]

/** What is measured, by the names that may be given to the command; without any, all of it. */
const parts: Readonly<Record<string, (embedder: Embedder) => Promise<void>>> = {
  banking77: async (embedder) => {
    await coldTable('banking77', embedder)
    await warmTable('banking77', embedder)
  },
  clinc150: async (embedder) => {
    await coldTable('clinc150', embedder)
    await warmTable('clinc150', embedder)
  },
  traffic: trafficTable,
  pairs: pairTables,
  cost: lookupCost,
}

console.log(machine())
const wanted = process.argv.slice(2)
for (const name of wanted)
  if (!(name in parts)) throw new Error(`There is no part "${name}". The parts are ${Object.keys(parts).join(', ')}.`)
for (const embedder of embedders()) {
  const remembered = remembering(embedder)
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    const startedMs = performance.now()
    // What a lookup costs includes its embedding.
    await measure(name === 'cost' ? embedder : remembered)
    console.log(`(${name}: ${((performance.now() - startedMs) / 1_000).toFixed(0)} s)`)
  }
}

function embedders(): Embedder[] {
  const { SLUICE_EMBEDDINGS_URL: baseURL, SLUICE_EMBEDDINGS_MODEL: model } = process.env
  const lexical = lexicalEmbedder()
  if (!baseURL || !model) return [lexical]
  const client = new OpenAI({ baseURL, apiKey: process.env['OPENAI_API_KEY'] ?? 'none' })
  return [lexical, openaiEmbedder(client, model)]
}

/** The same, asked once for each text: every contestant is shown the same questions. */
function remembering(embedder: Embedder): Embedder {
  const known = new Map<string, Promise<Float32Array>>()
  const one = async (text: string): Promise<Float32Array> => (await embedder.embed([text]))[0] as Float32Array
  return {
    ...embedder,
    embed: (texts) =>
      Promise.all(
        texts.map((text) => {
          const vector = known.get(text) ?? one(text)
          known.set(text, vector)
          return vector
        }),
      ),
  }
}

/** What other caches do by default, and ours. Those that learn do so from what the stream shows them, and need many questions. */
function contestants(embedder: Embedder, isLearned = true): Contestant[] {
  const plain = (name: string, minSimilarity: number): Contestant => [
    name,
    () => plainThreshold(minSimilarity, embedder),
  ]
  const own = (name: string, policy: (random: () => number) => Policy): Contestant => [
    name,
    (seed) => {
      const random = draws(seed)
      return ours(policy(random), { embedder, sameForEveryone: true, random })
    },
  ]
  const learned = [
    own('calibrated(), 1 %', () => calibrated()),
    own('verified(), 1 % of hits', () => verified()),
    own('verified(), 1 % of requests (vCache)', (random) => verified({ bound: 'requests', random })),
  ]
  return [
    plain('plain cosine ≥ 0.80 (GPTCache)', 0.8),
    plain('plain cosine ≥ 0.90 (RedisVL, Upstash)', 0.9),
    plain('plain cosine ≥ 0.95 (Portkey)', 0.95),
    own('threshold(0.8)', () => threshold(0.8)),
    own('threshold(0.9)', () => threshold(0.9)),
    own('consensus({ k: 2 })', () => consensus({ k: 2 })),
    own('consensus()', () => consensus()),
    own('consensus({ minShare: 0.9 })', () => consensus({ minShare: 0.9 })),
    ...(isLearned ? learned : []),
  ]
}

/** Every question of a set once, in random order, of a cache that is empty at first. */
async function coldTable(set: 'banking77' | 'clinc150', embedder: Embedder): Promise<void> {
  const questions = readQuestions(set)
  heading(
    `${set}: ${questions.length} questions, each once, of an empty cache; ${seeds.length} shuffles; ${embedder.id}${noteOf(set)}`,
    'hits',
    'wrong of them',
    'bound',
    'of 2nd half',
    'wrong of them',
    'bound',
  )
  for (const [name, make] of contestants(embedder)) {
    const [all, second]: [Served[], Served[]] = [[], []]
    for (const seed of seeds) {
      const [answerer, mixed] = [make(seed), shuffled(questions, draws(seed))]
      const half = Math.floor(mixed.length / 2)
      const [first, last] = [
        await askAll(answerer, mixed.slice(0, half), true),
        await askAll(answerer, mixed.slice(half), true),
      ]
      all.push(first, last)
      second.push(last)
    }
    line(name, ...cells(sum(all)), ...cells(sum(second)))
  }
}

/** A fifth of the questions asked of a cache that has the answers to all others, five times: each is asked once. */
async function warmTable(set: 'banking77' | 'clinc150', embedder: Embedder): Promise<void> {
  const parts = 5
  const questions = shuffled(readQuestions(set), draws(5))
  heading(
    `${set}: asked of a cache that has the answers to the other four fifths; ${embedder.id}${noteOf(set)}`,
    'hits',
    'wrong of them',
    'bound',
  )
  for (const [name, make] of contestants(embedder, false)) {
    const served: Served[] = []
    for (let part = 0; part < parts; part += 1) {
      const answerer = make(part + 1)
      for (const [at, question] of questions.entries()) if (at % parts !== part) await answerer.tell(question)
      served.push(
        await askAll(
          answerer,
          questions.filter((_, at) => at % parts === part),
          false,
        ),
      )
    }
    line(name, ...cells(sum(served)))
    if (name === 'consensus()' && set === 'banking77') meets('Banking77, warm', sum(served))
  }
}

/** Ten thousand requests in which topics and questions come again, worded a little differently. */
async function trafficTable(embedder: Embedder): Promise<void> {
  const count = 10_000
  const questions = readQuestions('banking77')
  heading(
    `traffic made of banking77: ${count} requests, topics by Zipf, wording varied; ${embedder.id}`,
    'hits',
    'wrong of them',
    'bound',
    'exact besides',
  )
  for (const [name, make] of contestants(embedder)) {
    // Thousands of curves to fit anew with every outcome: minutes, and the tables above say what it is worth.
    if (name.startsWith('verified')) continue
    const total = await askAll(make(1), likeQuestions(shuffled(questions, draws(11)), count, 11), true)
    line(name, ...cells(total), `${((total.exact / total.asked) * 100).toFixed(1)} %`)
    if (name === 'consensus()') meets('traffic like Banking77', total)
  }
}

function meets(what: string, { asked, hits, wrong }: Served): void {
  target(`${what}: ≥ 15 % hits at ≤ 1 % wrong of them`, hits / asked >= 0.15 && wrong <= hits * 0.01)
}

function noteOf(set: string): string {
  return set === 'clinc150' ? ' (the defaults were chosen on it)' : ''
}
