// Writes the price list that @sluice/core ships, from the facts that the development dependency genai-prices carries and
// from the providers' pages for what it lacks. Run it after an update of the dependency, read the moves that it prints,
// and commit the result: `node --conditions=@sluice/source tooling/price-snapshot.ts`.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  bundledPrices,
  createPriceBook,
  diffPriceBooks,
  readGenaiPrices,
  type ModelPrices,
  type PriceTable,
} from '../packages/core/src/prices/index.ts'
import { supplements } from './price-supplements.ts'
import { root } from './workspace.ts'

interface Oracle {
  updatePrices(factory: () => void): void
  waitForUpdate(): Promise<unknown>
}

/** The day of the release of the version that is installed: what it says may be older, never younger. */
const releases: Readonly<Record<string, string>> = { '0.1.8': '2026-09-23' }

/** Which models of a provider are listed. The others have no price of their own, or are gone. */
const listed: Readonly<Record<string, RegExp>> = {
  anthropic: /^claude-(?!v1|2)/,
  openai: /^(?:gpt-(?!oss|4-vision|4o-search|4o-mini-search|3\.5-0301)|o\d|text-embedding|chatgpt|ft:)/,
  google: /^gemini-(?!.*tts)/,
  aws: /anthropic\.claude/,
  mistral: /^(?:mistral|ministral|codestral|magistral|devstral|pixtral)-(?:.*latest|medium|small|large|3b|8b|14b)/,
  deepseek: /^deepseek-(?:chat|reasoner|v4)/,
  'x-ai': /^grok-/,
}

const core = join(root, 'packages', 'core')
const target = join(core, 'src', 'prices', 'snapshot.ts')
const installed = join(core, 'node_modules', '@pydantic', 'genai-prices')
const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string }
const checkedAt = releases[manifest.version]
if (!checkedAt) throw new Error(`Add the day of release of genai-prices ${manifest.version} to this script.`)

const oracle = (await import(pathToFileURL(join(installed, 'dist', 'index.js')).href)) as Oracle
// Registering a source that sets nothing leaves the packaged data active, and lets us have it.
oracle.updatePrices(() => undefined)
const read = readGenaiPrices(await oracle.waitForUpdate(), { checkedAt })

const models = new Map<string, ModelPrices>()
for (const [fullName, prices] of Object.entries(read.models)) {
  const slash = fullName.indexOf('/')
  const provider = fullName.slice(0, slash)
  const name = fullName.slice(slash + 1)
  if (!listed[provider]?.test(name)) continue
  const bare = (prices.aliases ?? []).map((alias) =>
    alias.startsWith(`${provider}/`) ? alias.slice(slash + 1) : alias,
  )
  const narrow = provider === 'aws' ? bedrockNames(name) : bare.flatMap((alias) => narrowed(alias, provider))
  const aliases = [...new Set(narrow)].filter((alias) => alias !== name && !isDated(alias, name))
  const { aliases: _, ...rest } = prices
  models.set(name, { ...(aliases.length > 0 && { aliases }), ...rest })
}
for (const [name, { source, more, ...prices }] of Object.entries(supplements)) {
  const known = models.get(name)
  if (more && !known) throw new Error(`There is nothing to add ${JSON.stringify(more)} to: ${name} is not listed.`)
  models.set(
    name,
    more && known ? withMore(known, more) : ({ ...prices, source, checkedAt: '2026-11-22' } as ModelPrices),
  )
}

const table: PriceTable = {
  source: `genai-prices ${manifest.version} (MIT, Pydantic), which compares it with the providers' pages`,
  checkedAt,
  models: Object.fromEntries([...models].toSorted(([a], [b]) => (a < b ? -1 : 1))),
}
const before = createPriceBook({ bundled: false, sources: [bundledPrices()] })
const { added, removed, moved } = diffPriceBooks(before, createPriceBook({ bundled: false, sources: [table] }))
writeFileSync(target, moduleOf(table))
console.log(`${models.size} models; ${added.length} new, ${removed.length} gone (${removed.join(', ') || 'none'})`)
for (const { model, price, from, to } of moved)
  console.log(`${model}: ${price} from ${from ?? 'none'} to ${to ?? 'none'}`)

/**
 * The source finds a model by how its name begins, which takes `claude-sonnet-5-5` for `claude-sonnet-5`. Here a name goes on
 * only where what follows is no other model.
 */
function narrowed(alias: string, provider: string): readonly string[] {
  const pattern = alias.replace(/^\*/, '')
  const stem = pattern.slice(0, -1)
  if (!pattern.endsWith('*') || /^ft:|(?:preview|exp|thinking|instruct|audio|realtime|-0|[-@]|\d{4})$/.test(stem))
    return [pattern]
  return provider === 'google' ? [stem, `${stem}-0*`] : [stem]
}

/** Bedrock's names without the region: `us.anthropic.claude-…-v1:0`. `global.` is longer, so that it wins where it is listed. */
function bedrockNames(name: string): readonly string[] {
  const stem = `*${name.replace(/^regional\./, '').replace(/-v\d+:\d+$/, '')}`
  return [stem, `${stem}-v*`, ...(/\d{8}$/.test(stem) ? [] : [`${stem}-20*`])]
}

function isDated(alias: string, name: string): boolean {
  return /^(?:-\d{4}-\d\d-\d\d|[-@]\d{8}|-latest)$/.test(alias.startsWith(name) ? alias.slice(name.length) : '')
}

/** Adds to every dated price: a service tier that is known as a factor holds for all of them. */
function withMore(known: ModelPrices, more: Partial<ModelPrices>): ModelPrices {
  const { changes, ...first } = known
  return { ...first, ...more, ...(changes && { changes: changes.map((change) => ({ ...change, ...more })) }) }
}

/** One model a line, so that a change of one price is a change of one line. */
function moduleOf({ models: all, ...head }: PriceTable): string {
  const lines = Object.entries(all).map(([name, prices]) => `${JSON.stringify(name)}:${JSON.stringify(prices)}`)
  const json = `${JSON.stringify(head).slice(0, -1)},"models":{\n${lines.join(',\n')}\n}}`
  return `// Written by tooling/price-snapshot.ts: change that, not this. JSON in a string, so that nobody who does not ask for a
// price pays for its parsing. The prices are facts; each line is from the table's source where it names none of its own.
export const snapshot: string = String.raw\`${json}\`
`
}
