import { createClient, createCluster } from 'redis'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { startRedis, type StartOptions, type TestRedis } from './server.ts'

/** What a cluster's nodes tell each other travels on the port this much above the clients'. */
const busOffset = 10_000
const slots = 16_384

/** Three masters that share all slots, no replicas. */
export interface TestRedisCluster {
  readonly nodes: readonly TestRedis[]
  /** For `createCluster({ rootNodes })`. */
  readonly rootNodes: readonly { readonly url: string }[]
  /** The node that a key is kept on. */
  nodeOf(key: string): Promise<TestRedis>
  stop(): Promise<void>
}

/** `persistent` as for one server. While a node is down the others go on with their slots. */
export async function startRedisCluster(options: Pick<StartOptions, 'persistent'> = {}): Promise<TestRedisCluster> {
  const nodes: TestRedis[] = []
  for (let count = 0; count < 3; count += 1) nodes.push(await startNode(options))
  const clients = await Promise.all(nodes.map(({ url }) => createClient({ url }).connect()))
  try {
    for (const [index, client] of clients.entries()) {
      const first = Math.floor((slots * index) / clients.length)
      const last = Math.floor((slots * (index + 1)) / clients.length) - 1
      await client.sendCommand(['CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)])
      await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', String(first), String(last)])
    }
    for (const { port } of nodes.slice(1)) await clients[0]?.sendCommand(['CLUSTER', 'MEET', '127.0.0.1', String(port)])
    for (const client of clients) await agreed(client, nodes.length)
  } finally {
    for (const client of clients) client.destroy()
  }
  const rootNodes = nodes.map(({ url }) => ({ url }))
  return {
    nodes,
    rootNodes,
    async nodeOf(key) {
      const cluster = await createCluster({ rootNodes: [...rootNodes] }).connect()
      try {
        const slot = Number(await cluster.sendCommand(undefined, true, ['CLUSTER', 'KEYSLOT', key]))
        const index = nodes.findIndex((_, at) => slot < Math.floor((slots * (at + 1)) / nodes.length))
        return nodes[index] as TestRedis
      } finally {
        cluster.destroy()
      }
    },
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()))
    },
  }
}

async function startNode(options: Pick<StartOptions, 'persistent'>): Promise<TestRedis> {
  const port = await freePort(busOffset)
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', '--cluster-require-full-coverage', 'no']
  return startRedis({ ...options, port, args })
}

/** Waits until a node knows all others and sees every slot served. */
async function agreed(client: { sendCommand(args: string[]): Promise<unknown> }, nodes: number): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const info = String(await client.sendCommand(['CLUSTER', 'INFO']))
    // "ok" is not enough: without full coverage a node says so before it has heard of the slots of the others.
    const wanted = ['cluster_state:ok', `cluster_known_nodes:${nodes}`, `cluster_slots_ok:${slots}`]
    if (wanted.every((line) => info.includes(line))) return
    await sleep(25)
  }
  throw new Error('The cluster did not form within 15 s.')
}
