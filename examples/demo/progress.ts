/** Where progress is shown. */
export interface ProgressOutput {
  readonly isTTY?: boolean
  write(text: string): unknown
}

export interface Progress {
  /** One more call is over. */
  step(isFailure: boolean): void
  /** Takes the bar away. */
  end(): void
}

/** A bar that redraws itself on a terminal; elsewhere a line at every tenth. */
export function showProgress(total: number, output: ProgressOutput): Progress {
  let done = 0
  let failures = 0
  const tell = (): string => `${done}/${total} calls${failures > 0 ? `, ${failures} failed` : ''}`
  return {
    step(isFailure) {
      const tenthBefore = Math.floor((done * 10) / total)
      done += 1
      if (isFailure) failures += 1
      if (output.isTTY) {
        const filled = Math.round((done * 40) / total)
        output.write(`\r[${'#'.repeat(filled)}${'.'.repeat(40 - filled)}] ${tell()}\u001B[K`)
      } else if (Math.floor((done * 10) / total) > tenthBefore) output.write(`${tell()}\n`)
    },
    end() {
      if (output.isTTY) output.write('\r\u001B[K')
    },
  }
}
