import { createServer, type AddressInfo, type Socket } from 'node:net'

/**
 * A server that speaks enough of Redis for a client of `redis` to connect, and has the vector sets of Redis 8: what the
 * commands take and answer is taken from the server's source (modules/vector-sets/vset.c), save that searches are exact
 * and vectors are kept in full.
 */
export interface FakeVectorServer {
  readonly url: string
  /** Every command after the handshake, its words as text. */
  readonly commands: readonly string[][]
  stop(): Promise<void>
}

interface VectorSet {
  readonly dimensions: number
  readonly quantization: string
  readonly vectors: Map<string, Float32Array>
}

/** A reply, before it is known which protocol the client speaks. */
type Reply =
  | { readonly error: string }
  | { readonly status: string }
  | { readonly integer: number }
  | { readonly bool: boolean }
  | { readonly double: number }
  | { readonly bulk: string }
  | { readonly array: readonly Reply[] }
  | { readonly map: readonly (readonly [Reply, Reply])[] }

const error = (text: string): Reply => ({ error: text })

export async function fakeVectorServer(): Promise<FakeVectorServer> {
  const sets = new Map<string, VectorSet>()
  const commands: string[][] = []
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    let isResp3 = false
    let input: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      input = Buffer.concat([input, chunk])
      for (let next = wordsOf(input); next; next = wordsOf(input)) {
        input = input.subarray(next.end)
        const name = String(next.words[0]).toUpperCase()
        if (name === 'HELLO') isResp3 = String(next.words[1]) === '3'
        else if (name !== 'CLIENT') commands.push(next.words.map(String))
        socket.write(encode(answer(sets, name, next.words.slice(1)), isResp3))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commands,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(sets: Map<string, VectorSet>, name: string, words: readonly Buffer[]): Reply {
  const key = String(words[0])
  const set = sets.get(key)
  switch (name) {
    case 'HELLO':
      return {
        map: [
          [{ bulk: 'server' }, { bulk: 'redis' }],
          [{ bulk: 'proto' }, { integer: Number(key) }],
        ],
      }
    case 'CLIENT':
      return { status: 'OK' }
    case 'UNLINK':
      return { integer: sets.delete(key) ? 1 : 0 }
    case 'PEXPIRE':
      return { integer: set ? 1 : 0 }
    case 'VCARD':
      return { integer: set?.vectors.size ?? 0 }
    case 'VADD':
      return add(sets, key, words)
    case 'VSIM':
      return set ? search(set, words) : { array: [] }
    case 'VREM': {
      const isGone = set?.vectors.delete(String(words[1])) ?? false
      if (set?.vectors.size === 0) sets.delete(key)
      return { bool: isGone }
    }
    default:
      return error(`ERR unknown command '${name}', with args beginning with: `)
  }
}

function add(sets: Map<string, VectorSet>, key: string, [, format, blob, id, quantization]: readonly Buffer[]): Reply {
  if (!format || !blob || !id) return error("ERR wrong number of arguments for 'vadd' command")
  const vector = vectorOf(format, blob)
  if (!vector) return error('ERR invalid vector specification')
  const asked = String(quantization ?? 'Q8')
  if (!['Q8', 'NOQUANT', 'BIN'].includes(asked)) return error('ERR invalid option after element')
  const set = sets.get(key) ?? {
    dimensions: vector.length,
    quantization: asked,
    vectors: new Map<string, Float32Array>(),
  }
  if (set.quantization !== asked) return error('ERR asked quantization mismatch with existing vector set')
  if (set.dimensions !== vector.length) return mismatch(vector.length, set)
  const isNew = !set.vectors.has(String(id))
  set.vectors.set(String(id), vector)
  sets.set(key, set)
  return { bool: isNew }
}

function search(set: VectorSet, [, format, blob, ...options]: readonly Buffer[]): Reply {
  const vector = format && blob && vectorOf(format, blob)
  if (!vector) return error('ERR invalid vector specification')
  if (vector.length !== set.dimensions) return mismatch(vector.length, set)
  const texts = options.map(String)
  const count = Number(texts[texts.indexOf('COUNT') + 1] ?? 10)
  if (!(Number.isInteger(count) && count > 0)) return error('ERR invalid COUNT')
  const found = [...set.vectors].map(([id, other]) => ({ id, score: (1 + cosine(vector, other)) / 2 }))
  const nearest = found.toSorted((a, b) => b.score - a.score).slice(0, count)
  if (!texts.includes('WITHSCORES')) return { array: nearest.map(({ id }) => ({ bulk: id })) }
  return { map: nearest.map(({ id, score }) => [{ bulk: id }, { double: score }] as const) }
}

function mismatch(dimensions: number, set: VectorSet): Reply {
  return error(`ERR Vector dimension mismatch - got ${dimensions} but set has ${set.dimensions}`)
}

function vectorOf(format: Buffer, blob: Buffer): Float32Array | undefined {
  if (String(format) !== 'FP32' || blob.length % 4 !== 0 || blob.length < 4) return undefined
  return Float32Array.from({ length: blob.length / 4 }, (_, at) => blob.readFloatLE(at * 4))
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, ofA, ofB] = [0, 0, 0]
  for (const [at, value] of a.entries()) {
    const other = b[at] as number
    dot += value * other
    ofA += value * value
    ofB += other * other
  }
  return dot / Math.sqrt(ofA * ofB)
}

/** The next command of the input, once all of it has come. */
function wordsOf(input: Buffer): { readonly words: Buffer[]; readonly end: number } | undefined {
  let at = 0
  const line = (): string | undefined => {
    const stop = input.indexOf('\r\n', at)
    if (stop < 0) return undefined
    const text = input.toString('latin1', at, stop)
    at = stop + 2
    return text
  }
  const count = line()
  if (count === undefined) return undefined
  const words: Buffer[] = []
  for (let left = Number(count.slice(1)); left > 0; left -= 1) {
    const length = line()
    if (length === undefined) return undefined
    const end = at + Number(length.slice(1))
    if (input.length < end + 2) return undefined
    words.push(input.subarray(at, end))
    at = end + 2
  }
  return { words, end: at }
}

function encode(reply: Reply, isResp3: boolean): string {
  const all = (replies: readonly Reply[]): string => replies.map((each) => encode(each, isResp3)).join('')
  const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
  if ('error' in reply) return `-${reply.error}\r\n`
  if ('status' in reply) return `+${reply.status}\r\n`
  if ('integer' in reply) return `:${reply.integer}\r\n`
  if ('bool' in reply) return isResp3 ? `#${reply.bool ? 't' : 'f'}\r\n` : `:${reply.bool ? 1 : 0}\r\n`
  if ('double' in reply) return isResp3 ? `,${reply.double}\r\n` : bulk(String(reply.double))
  if ('bulk' in reply) return bulk(reply.bulk)
  if ('array' in reply) return `*${reply.array.length}\r\n${all(reply.array)}`
  return `${isResp3 ? `%${reply.map.length}` : `*${reply.map.length * 2}`}\r\n${all(reply.map.flat())}`
}
