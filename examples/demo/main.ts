// npm start: replays customer messages through one wrapped client and ends with one screen. See --help.
import { styleText } from 'node:util'
import { runDemo } from './demo.ts'
import { parseOptions, usage, UsageError } from './options.ts'

const { stdout, stderr, argv, env } = process
const stopping = new AbortController()
process.on('SIGINT', () => {
  // The first asks for the screen so far, the second for nothing but the end.
  if (stopping.signal.aborted) process.exit(130)
  stopping.abort()
})

try {
  const options = parseOptions(argv.slice(2), env)
  if (options === 'help') {
    console.log(usage)
  } else {
    const bold = (text: string): string => styleText('bold', text, { stream: stdout })
    const isColored = stdout.isTTY === true && !env['NO_COLOR']
    const { screen } = await runDemo(options, { signal: stopping.signal, progress: stderr, bold, isColored })
    console.log(screen.join('\n'))
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
