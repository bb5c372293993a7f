/** The part of a Redis client that asks the server for its time. */
interface Asking {
  sendCommand(command: string[]): Promise<unknown>
}

/** The clock of a Redis server, in milliseconds since 1970. */
export async function serverTimeMs(client: Asking): Promise<number> {
  const [seconds, us] = (await client.sendCommand(['TIME'])) as [string, string]
  return Number(seconds) * 1_000 + Number(us) / 1_000
}
