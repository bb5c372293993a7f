import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { redisBinary } from './binary.ts'
import { freePort } from './free-port.ts'

export interface StartOptions {
  /** Whether what was written survives `kill()` and `restart()` (append-only file, synced with every write). @default false */
  readonly persistent?: boolean
  /** More of the server's own arguments: `['--maxmemory', '1mb']`. */
  readonly args?: readonly string[]
  /** The port; a free one otherwise. */
  readonly port?: number
}

/** A `redis-server` of the test's own. */
export interface TestRedis {
  readonly url: string
  readonly port: number
  /** The server's process id; `undefined` while it is down. */
  readonly pid: number | undefined
  /** Ends the process at once, as a crash would: nothing is saved, connections break. */
  kill(): Promise<void>
  /** Starts it again on the same port; with `persistent` with what was written, otherwise empty. */
  restart(): Promise<void>
  /** Holds the process still, or lets it go on: connections stay open and nothing is answered. */
  pause(): void
  resume(): void
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
const folders = new Set<string>()
let isWatching = false

/**
 * Starts a `redis-server` on a free port of the loopback interface, in a folder of its own. It ends with this process at
 * the latest.
 */
export async function startRedis(options: StartOptions = {}): Promise<TestRedis> {
  const binary = redisBinary()
  const port = options.port ?? (await freePort())
  const folder = mkdtempSync(join(tmpdir(), 'sluice-redis-'))
  cleanAtEnd()
  folders.add(folder)
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--daemonize',
    'no',
    '--save',
    '',
    ...(options.persistent ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no']),
    ...(options.args ?? []),
  ]
  let child: ChildProcess | undefined = await launch(binary, args, port)
  const end = async (): Promise<void> => {
    const ending = child
    child = undefined
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    const exited = once(ending, 'exit')
    ending.ref()
    ending.kill('SIGKILL')
    await exited
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child?.pid
    },
    kill: end,
    async restart() {
      await end()
      child = await launch(binary, args, port)
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async stop() {
      await end()
      rmSync(folder, { recursive: true, force: true })
      folders.delete(folder)
    },
  }
}

async function launch(binary: string, args: readonly string[], port: number): Promise<ChildProcess> {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let output = ''
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-4_000))
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  let problem: unknown
  child.once('error', (error) => (problem = error))
  child.once('exit', () => running.delete(child))
  // A test that forgets its server must not be kept alive by it.
  child.unref()
  for (const pipe of [child.stdout, child.stderr]) if (pipe && 'unref' in pipe) (pipe as { unref(): void }).unref()
  for (let tries = 0; tries < 500; tries += 1) {
    if (problem || child.exitCode !== null)
      throw new Error(`${binary} did not start: ${problem instanceof Error ? problem.message : output}`)
    if (await answers(port)) return child
    await sleep(20)
  }
  child.kill('SIGKILL')
  throw new Error(`${binary} did not answer on port ${port} within 10 s: ${output}`)
}

/** Whether the server is ready: it answers PONG, not LOADING. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('PING\r\n'))
    const end = (isReady: boolean): void => {
      socket.destroy()
      resolve(isReady)
    }
    socket.setTimeout(1_000, () => end(false))
    socket.once('error', () => end(false))
    socket.once('data', (reply) => end(reply.toString().startsWith('+PONG')))
  })
}

function cleanAtEnd(): void {
  if (isWatching) return
  isWatching = true
  process.once('exit', () => {
    for (const child of running) child.kill('SIGKILL')
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })
}
