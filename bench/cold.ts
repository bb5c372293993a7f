/** A piece of work that is over when it returns. */
export interface Work {
  readonly name: string
  readonly run: (text: string) => unknown
}

/** As much memory as the caches next to a core hold, so that whatever was in them is gone once it was touched. */
const memory = new Int32Array(2 ** 20)
const bytesOfLine = 64
let sum = 0

function emptyCaches(): void {
  for (let at = 0; at < memory.length; at += bytesOfLine / 4) {
    memory[at] = (memory[at] as number) + 1
    sum += memory[at] as number
  }
}

/**
 * Prints what each piece of work takes of a text that was never seen before: in a tight loop, and with cold caches. Within a
 * call they are cold, since the SDK's own code and its data were there in between; a tight loop flatters by a factor of two
 * to five, most of all what goes through many objects. Wall time of work that does not wait, the tenth percentile of many.
 */
export function printHotAndCold(title: string, work: readonly Work[], text: () => string, times = 4_000): void {
  console.log(`\n${title}`)
  console.log('µs'.padEnd(56), 'hot'.padStart(9), 'cold'.padStart(9))
  for (const { name, run } of work) {
    const figures = [() => undefined, emptyCaches].map((before) => {
      const samples = Array.from({ length: times }, () => {
        // As a server has it: out of JSON, in memory of its own.
        const fresh = JSON.parse(JSON.stringify(text())) as string
        before()
        const startedAtMs = performance.now()
        run(fresh)
        return (performance.now() - startedAtMs) * 1000
      })
      return samples.sort((a, b) => a - b)[Math.floor(times / 10)] ?? Number.NaN
    })
    console.log(name.padEnd(56), ...figures.map((figure) => figure.toFixed(1).padStart(9)))
  }
  if (!Number.isFinite(sum)) throw new Error('The caches were not touched')
}
