import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const windowLength = 100_000

/** English: what the installed SDKs of OpenAI, Anthropic and LangChain say about their types, each sentence once. */
export function proseTexts(count: number): string[] {
  const folders = '{openai,@anthropic-ai/sdk,@langchain/core,ai}'
  const paths = globSync(`bench/node_modules/${folders}/**/*.d.ts`, { cwd: root }).toSorted()
  const seen = new Set<string>()
  let prose = ''
  for (const path of paths) {
    for (const [comment] of readFileSync(join(root, path), 'utf8').matchAll(/\/\*\*[^]*?\*\//g)) {
      const said = comment
        .replaceAll(/^[ \t]*\/?\*+\/?[ \t]?/gm, '')
        .replaceAll(/^@\w+.*$|```[^]*?```/gm, '')
        .trim()
      if (said.length < 80 || seen.has(said)) continue
      seen.add(said)
      prose += `${said}\n\n`
    }
    if (prose.length >= count * windowLength) break
  }
  return windows(prose, count)
}

/** This repository's TypeScript. */
export function codeTexts(count: number): string[] {
  const paths = globSync('packages/*/src/**/*.ts', { cwd: root }).toSorted()
  return windows(paths.map((path) => readFileSync(join(root, path), 'utf8')).join('\n'), count)
}

/** Sentences of 3 to 40 hanzi drawn by frequency, as nobody would write them but as long as people do. */
export function chineseTexts(count: number): string[] {
  const common =
    '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经'
  let state = 1
  const next = (below: number): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below
  let text = ''
  while (text.length < count * windowLength) {
    for (let length = 3 + next(38); length > 0; length -= 1) text += common[Math.min(next(70), next(70))]
    text += next(3) === 0 ? '。' : '，'
  }
  return windows(text, count)
}

function windows(text: string, count: number): string[] {
  if (text.length < count * windowLength) throw new Error(`Only ${text.length} characters to count`)
  return Array.from({ length: count }, (_, at) => text.slice(at * windowLength, (at + 1) * windowLength))
}
