/**
 * How much longer the work takes on a text twice as long, in CPU time, after a warm-up: about 2 for linear work, 4 for
 * quadratic. On a busy machine a measurement can be far off, so the least of several counts.
 */
export function growth(work: (text: string) => unknown, seed: string, length = 500_000): number {
  const short = seed.repeat(Math.ceil(length / seed.length))
  const long = short + short
  work(short)
  let [least, twice] = [Infinity, Infinity]
  for (let attempt = 0; attempt < 24 && (attempt === 0 || twice > 2.6 * least); attempt += 1) {
    least = Math.min(
      least,
      Math.max(
        cpuUs(() => work(short)),
        resolutionUs,
      ),
    )
    twice = Math.min(
      twice,
      cpuUs(() => work(long)),
    )
  }
  return twice / least
}

/** What takes less than this is measured too roughly to be compared. */
const resolutionUs = 500

function cpuUs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
