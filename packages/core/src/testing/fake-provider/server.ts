import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Serve } from './route.ts'
import { ConnectionCut, type Inbound } from './wire.ts'

export interface ListenOptions {
  /** @default 0, a free port */
  readonly port?: number
  /** @default '127.0.0.1' */
  readonly host?: string
}

/** A fake provider that listens. `await using` closes it at the end of the block. */
export interface FakeServer extends AsyncDisposable {
  /** Without a slash at the end: `http://127.0.0.1:40123`. OpenAI's `baseURL` is this and `/v1`, Anthropic's this. */
  readonly url: string
  /** Stops listening and breaks the connections that are still open. */
  close(): Promise<void>
}

/** Serves over real HTTP. @throws {Error} what the socket says, for example EADDRINUSE */
export async function listen(serve: Serve, options: ListenOptions = {}): Promise<FakeServer> {
  const server = createServer((request, response) => {
    // An error here is one of the connection, which is gone.
    answer(serve, request, response).catch(() => response.destroy())
  })
  const host = options.host ?? '127.0.0.1'
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
    return closing
  }
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, close, [Symbol.asyncDispose]: close }
}

async function answer(serve: Serve, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const exchange = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) exchange.abort(new Error('The client closed the connection.'))
  })
  const outbound = await serve(await inboundOf(request, exchange.signal))
  if (outbound.kind === 'reset') {
    request.socket.resetAndDestroy()
    return
  }
  const { status, headers, body } = outbound
  response.writeHead(status, headers)
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array) {
    response.end(body ?? undefined)
    return
  }
  request.socket.setNoDelay(true)
  response.flushHeaders()
  try {
    for await (const frame of body) await write(response, frame.data)
    response.end()
  } catch (error) {
    if (!(error instanceof ConnectionCut)) throw error
    request.socket.destroy()
  }
}

/** Writes and waits until the system has taken it, so that a slow reader slows the answer down. */
function write(response: ServerResponse, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    if (response.destroyed) return reject(new Error('The client closed the connection.'))
    response.write(data, (error) => (error ? reject(error) : resolve()))
  })
}

async function inboundOf(request: IncomingMessage, signal: AbortSignal): Promise<Inbound> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`)
  const method = request.method ?? 'GET'
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return {
    method,
    url,
    headers,
    signal,
    text: async () => body.toString('utf8'),
    request: () => new Request(url, { method, headers, ...(method !== 'GET' && method !== 'HEAD' && { body }) }),
  }
}
