import { isAnswer } from './answer.ts'
import { nothingTold, type Ask, type Client, type Connected, type Told } from './clients/client.ts'
import type { Seen } from './server/exchange.ts'
import { FaultServer } from './server/fault-server.ts'
import type { Timings } from './timings.ts'

/** What the caller saw of one call. */
export interface View extends Readonly<Told> {
  readonly asked: string
  readonly outcome: 'success' | 'error' | 'hang'
  readonly error: string | undefined
  readonly status: number | undefined
  /** Milliseconds of the server's clock. */
  readonly beganAtMs: number
  readonly firstTextAtMs: number | undefined
  readonly elapsedMs: number
}

/** One client and a server of its own. */
export class Trial {
  readonly client: Client
  readonly timings: Timings
  readonly server: FaultServer
  readonly connected: Connected
  readonly views: View[] = []

  private constructor(client: Client, timings: Timings, server: FaultServer) {
    this.client = client
    this.timings = timings
    this.server = server
    this.connected = client.connect(server.origin, timings.scale)
  }

  static async open(client: Client, timings: Timings): Promise<Trial> {
    return new Trial(client, timings, await FaultServer.start(timings))
  }

  /** Makes a call, and stops waiting for it after `boundMs`. */
  async ask(ask: Ask, boundMs: number): Promise<View> {
    const { server, connected } = this
    const beganAtMs = server.now()
    const told = nothingTold()
    let firstTextAtMs: number | undefined
    const onText = (heard: Told): void => {
      firstTextAtMs ??= server.now()
      ask.onText?.(heard)
    }
    const call = connected.ask({ ...ask, onText }, told).then(
      () => ({ outcome: 'success' as const, error: undefined, status: undefined }),
      (error: unknown) => ({ outcome: 'error' as const, ...tell(error) }),
    )
    const end = (await within(call, boundMs)) ?? {
      outcome: 'hang' as const,
      error: `no end within ${(boundMs / 1000).toFixed(1)} s`,
      status: undefined,
    }
    const elapsedMs = server.now() - beganAtMs
    // What comes later is not what the caller saw.
    const view: View = { asked: ask.model, ...structuredClone(told), ...end, beganAtMs, firstTextAtMs, elapsedMs }
    this.views.push(view)
    return view
  }

  /** Whether a healthy model is answered with, now. */
  async isAlive(): Promise<{ isAlive: boolean; error: string | undefined }> {
    const { outcome, text, error } = await this.ask({ model: 'ok', isStream: false }, 10_000)
    const isAlive = outcome === 'success' && isAnswer(text)
    return { isAlive, error: isAlive ? undefined : (error ?? 'another answer') }
  }

  seen(model: string | undefined): readonly Seen[] {
    return model === undefined ? [] : this.server.of(model)
  }

  close(): void {
    this.server.close()
  }
}

/** What a promise resolves to; `undefined` after `ms`. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const bound = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, ms, undefined)))
  try {
    return await Promise.race([promise, bound])
  } finally {
    clearTimeout(timer)
  }
}

function tell(error: unknown): { error: string; status: number | undefined } {
  const { name, message, status, statusCode } = error as Error & { status?: number; statusCode?: number }
  return { error: `${name}: ${String(message).slice(0, 200)}`, status: status ?? statusCode }
}
