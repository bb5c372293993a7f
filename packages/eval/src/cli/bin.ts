#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { help } from './help.ts'
import { say } from './say.ts'

// Only what the command at hand needs is loaded: `--version` answers before a suite would be read.
const [, , command, ...rest] = process.argv
if (command === '--version' || command === '-v') {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  say((JSON.parse(manifest) as { version: string }).version)
} else if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
  say(help(rest[0]))
} else if (rest.includes('--help') || rest.includes('-h')) {
  say(help(command))
} else {
  const { main } = await import('./main.ts')
  const code = await main(command, rest)
  // What a suite leaves open, a database say, or a call that was given up, does not keep the command from ending.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}
