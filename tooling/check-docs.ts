// What the documents show has to be true: their TypeScript examples and those in docstrings compile, their relative
// links lead somewhere. ```` ```ts no-check ```` leaves a block out.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Found, blocksOfDocstrings, blocksOfDocument } from './docs/blocks.ts'
import { compileBlocks } from './docs/compile.ts'
import { checkLinks } from './docs/links.ts'
import { files, root } from './workspace.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const documents = files('.', (path) => path.endsWith('.md') && !path.endsWith('CHANGELOG.md'))
const sources = files(
  'packages',
  (path) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path) && !/\.test(-d)?\.ts$/.test(path),
)

const found: Found[] = [
  ...documents.map((path) => blocksOfDocument(path, read(path))),
  ...sources.map((path) => blocksOfDocstrings(path, read(path))),
]
const blocks = found.flatMap((one) => one.blocks)
const unchecked = found.reduce((sum, one) => sum + one.unchecked, 0)
const linked = documents.map((path) => checkLinks(path, read(path)))
const links = linked.reduce((sum, one) => sum + one.links, 0)

const problems = [...compileBlocks(blocks), ...linked.flatMap((one) => one.problems)]
for (const problem of problems) console.error(problem)
console.log(`${blocks.length} examples, ${unchecked} unchecked, ${links} links`)
if (problems.length > 0) process.exitCode = 1
