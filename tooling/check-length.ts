// A file holds one idea: none is longer than 400 lines, tests included.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { files, root } from './workspace.ts'

const maxLines = 400
const folders = ['packages', 'examples', 'bench', 'tooling']
const sources = folders.flatMap((folder) => files(folder, (path) => /\.(ts|mts|mjs)$/.test(path)))
let tooLong = 0
for (const path of sources) {
  const lines = readFileSync(join(root, path), 'utf8').trimEnd().split('\n').length
  if (lines <= maxLines) continue
  tooLong += 1
  console.error(`${path} has ${lines} lines, more than ${maxLines}: split it by idea.`)
}
console.log(`${sources.length} files`)
if (tooLong > 0) process.exitCode = 1
