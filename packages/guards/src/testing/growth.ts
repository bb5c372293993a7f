/**
 * How much longer the work takes on a text twice as long, in CPU time, after a warm-up: about 2 for linear work, 4 for
 * quadratic. On a busy machine a measurement can be far off, so the least of several counts.
 */
export function growth(work: (text: string) => unknown, seed: string, length = 500_000): number {
  const short = seed.repeat(Math.ceil(length / seed.length))
  const long = short + short
  work(short)
  let least = Infinity
  for (let attempt = 0; attempt < 4 && least > 2.6; attempt += 1)
    least = Math.min(
      least,
      best(() => work(long)) /
        Math.max(
          best(() => work(short)),
          500,
        ),
    )
  return least
}

/** The least CPU time of several runs, in microseconds. */
function best(work: () => unknown): number {
  let least = Infinity
  // What takes long needs no repeating.
  for (let run = 0; run < 4 && (run < 2 || least < 100_000); run += 1) {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, user + system)
  }
  return least
}
