import { spawn, type ChildProcess } from 'node:child_process'
import { watch as watchFolder } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { recordVariable } from '../record/recorded-calls.ts'
import { readOptions, type Flags } from './options.ts'

/** Editors write a file in several steps. */
const settleMs = 200

/**
 * Runs the suite in a process of its own, and again whenever a file beside it changes, until it is interrupted. Calls that
 * went through recordedCalls() and have not changed are answered from the recording: only what a change touches is sent.
 */
export async function watch(source: string, args: readonly string[]): Promise<number> {
  const { flags } = readOptions(args)
  const rest = args.filter((arg) => arg !== '--watch')
  const env = { [recordVariable]: `auto:${join(flags.dir, 'watch-calls.jsonl')}`, ...process.env }
  let child: ChildProcess | undefined
  let timer: NodeJS.Timeout | undefined

  const start = (): void => {
    child?.kill()
    const command = [...process.execArgv, process.argv[1] as string, 'run', ...rest]
    child = spawn(process.execPath, command, { env, stdio: 'inherit' })
  }
  const folder = dirname(resolve(source))
  const watcher = watchFolder(folder, { recursive: true }, (_, name) => {
    if (name === null || !isOfSuite(resolve(folder, name), flags)) return
    clearTimeout(timer)
    timer = setTimeout(start, settleMs)
  })
  start()
  await new Promise<void>((resolved) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolved())
  })
  watcher.close()
  clearTimeout(timer)
  child?.kill()
  return 0
}

/** Whether a changed file may change what the suite does: what a run writes is no change to what it is of. */
export function isOfSuite(path: string, flags: Flags): boolean {
  const { dir, out, json, junit, html, github, record } = flags
  const written = [dir, out, json, junit, html, github, record].flatMap((own) =>
    own === undefined ? [] : [resolve(own)],
  )
  return (
    !written.some((own) => path === own || path.startsWith(own + sep)) &&
    !/[/\\](node_modules|\.git)([/\\]|$)/.test(path)
  )
}
