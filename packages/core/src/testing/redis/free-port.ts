import { createServer, type AddressInfo } from 'node:net'

/** A port that nothing listens on. With `alsoAbove` the port that much above it is free as well (a cluster's bus). */
export async function freePort(alsoAbove?: number): Promise<number> {
  for (;;) {
    const port = await probe(0)
    if (alsoAbove === undefined) return port
    if (port + alsoAbove > 65_535) continue
    try {
      await probe(port + alsoAbove)
      return port
    } catch {
      // The port above is taken: try another pair.
    }
  }
}

function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
