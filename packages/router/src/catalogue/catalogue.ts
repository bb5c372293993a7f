import { hostedModels } from './hosted-models.ts'
import type { Catalogue, ModelFacts } from './model-facts.ts'
import { openModels } from './open-models.ts'

const byName = (rows: readonly (readonly [names: string, facts: ModelFacts])[]): [string, ModelFacts][] =>
  rows.flatMap(([names, facts]) => names.split(' ').map((name): [string, ModelFacts] => [name, facts]))

const hosted = byName(hostedModels)
const open = byName(openModels)

/** The bundled facts. They age: give a target its own capabilities where it matters. */
export const catalogue: Catalogue = {
  checkedAt: '2026-11-22',
  source: 'developers.openai.com/api/docs/models, platform.claude.com/docs/en/models, cards of the open models',
  models: Object.fromEntries([...hosted, ...open]),
}

// Whoever serves it puts something before the name: "openrouter/anthropic/…", "us.anthropic.…", "openai:…", "ft:…".
const servedBy =
  /^.*\/|^(?:ft|openai|anthropic|azure):|^(?:[a-z-]+\.)?(?:anthropic|openai|meta|mistral|qwen)\.(?=[a-z])|^meta-(?=llama)/
const dateOrVersion = /^(?:-(?:\d{4}-\d\d-\d\d|\d{8}|\d{6}|\d{4}|latest|preview|v\d+))*(?:[:@].*)?$/
const claudeNumberFirst = /^claude-(\d+(?:-\d{1,2})?)-(opus|sonnet|haiku|fable|mythos)(?![a-z])/
const llamaNumber = /^llama-?(\d)(?:[.-](\d))?(?=[-:]|$)/

/**
 * What is known of a model, by the name that a request would carry: `gpt-5-mini-2025-08-07`,
 * `us.anthropic.claude-haiku-4-5-20251001-v1:0`, `anthropic/claude-3.5-haiku`, `meta-llama/Llama-3.1-8B-Instruct`.
 * The longest matching family wins; a model that is not listed is `undefined`, not its nearest relative.
 */
export function modelFacts(model: string): ModelFacts | undefined {
  const name = bareName(model)
  const dashed = dashes(name)
  const found =
    longest(hosted, (key) => dashed.startsWith(dashes(key)) && dateOrVersion.test(dashed.slice(key.length))) ??
    longest(open, (key) => name.startsWith(key) && /^(?:[-:]|$)/.test(name.slice(key.length)))
  return found?.[1]
}

function longest(
  rows: readonly [string, ModelFacts][],
  fits: (key: string) => boolean,
): [string, ModelFacts] | undefined {
  let best: [string, ModelFacts] | undefined
  for (const row of rows) if (row[0].length > (best?.[0].length ?? 0) && fits(row[0])) best = row
  return best
}

function bareName(model: string): string {
  let name = model.trim().toLowerCase()
  for (let shorter = name.replace(servedBy, ''); shorter !== name; shorter = name.replace(servedBy, '')) name = shorter
  return name
    .replace(/^gpt-35-/, 'gpt-3.5-')
    .replace(llamaNumber, (_, major, minor) => `llama-${major}${minor ? `.${minor}` : ''}`)
}

/** `claude-3.5-haiku` and `claude-haiku-3-5` are one model; keys are written the second way. */
function dashes(name: string): string {
  return name.replaceAll('.', '-').replace(claudeNumberFirst, 'claude-$2-$1')
}
