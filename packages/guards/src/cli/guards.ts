#!/usr/bin/env node
import { promptInjection } from '../injection/prompt-injection.ts'
import { pii } from '../pii/pii.ts'
import { secrets } from '../secrets/secrets.ts'
import { urls } from '../urls/urls.ts'
import { bench, type DetectorList } from './bench.ts'

const detectors: DetectorList = {
  pii: () => pii({ mode: 'warn' }),
  secrets: () => secrets({ mode: 'warn' }),
  injection: () => promptInjection(),
  urls: () => urls({ mode: 'warn' }),
}
const writer =
  (stream: NodeJS.WriteStream) =>
  (line: string): void =>
    void stream.write(`${line}\n`)
// Whoever reads may have read enough: `guards bench log.jsonl | head -2`.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
const [command, ...args] = process.argv.slice(2)

if (command === 'bench')
  process.exitCode = await bench(args, detectors, { out: writer(process.stdout), error: writer(process.stderr) })
else {
  const asksForHelp = command === undefined || command === '--help' || command === '-h'
  writer(asksForHelp ? process.stdout : process.stderr)(
    'guards bench <log.jsonl>: measures detectors on texts of yours. More with guards bench --help.',
  )
  process.exitCode = asksForHelp ? 0 : 2
}
