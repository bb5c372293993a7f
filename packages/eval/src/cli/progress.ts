import { dollars, duration } from '../report/figures.ts'
import type { RunProgress } from '../suite/suite.ts'

/** One line about a run under way. */
export function progressLine(progress: RunProgress, width = 24): string {
  const { done, total, failed, targetNanoUsd, judgeNanoUsd, etaMs, limit, pausedMs } = progress
  const filled = total === 0 ? width : Math.round((done / total) * width)
  return [
    `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total}`,
    failed > 0 ? `${failed} failed` : '',
    `${dollars(targetNanoUsd)}${judgeNanoUsd > 0 ? ` + judges ${dollars(judgeNanoUsd)}` : ''}`,
    etaMs === undefined || done === total ? '' : `${duration(etaMs)} left`,
    pausedMs > 0 ? `waiting ${duration(pausedMs)} for a rate limit, then ${limit} at once` : '',
  ]
    .filter(Boolean)
    .join('   ')
}

/** Draws the bar on a terminal, at most ten times a second; elsewhere nothing. */
export function progressBar(stream: NodeJS.WriteStream): { show(progress: RunProgress): void; end(): void } {
  let shownAt = 0
  return {
    show(progress) {
      const now = Date.now()
      if (!stream.isTTY || (now - shownAt < 100 && progress.done < progress.total)) return
      shownAt = now
      stream.write(`\r\u001B[2K${progressLine(progress).slice(0, stream.columns)}`)
    },
    end() {
      if (stream.isTTY && shownAt > 0) stream.write('\r\u001B[2K')
    },
  }
}
