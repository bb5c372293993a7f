/** One library in a process of its own: what it takes to load it, and what the first text costs. Called by tokens.ts. */
import { peers } from './token-peers.ts'
import { proseTexts } from './token-texts.ts'

const peer = peers.find(({ name }) => name === process.argv[2])
if (!peer) throw new Error(`No tokenizer ${process.argv[2]}`)
const [text = ''] = proseTexts(1)
await peer.prepare?.()
globalThis.gc?.()
const rss = process.memoryUsage.rss()
const start = process.cpuUsage()
const count = await peer.load()
count('Hello')
const loaded = process.cpuUsage(start)
globalThis.gc?.()
const rssLoaded = process.memoryUsage.rss()
const first = process.cpuUsage()
count(text)
const counted = process.cpuUsage(first)
const ms = ({ user, system }: NodeJS.CpuUsage): number => Math.round((user + system) / 100) / 10
console.log(
  JSON.stringify({ loadMs: ms(loaded), rssMb: Math.round((rssLoaded - rss) / 2 ** 20), firstMs: ms(counted) }),
)
