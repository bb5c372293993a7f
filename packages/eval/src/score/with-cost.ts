import { withReport } from '@sluice/core'

/** What something gave, and what the calls of wrapped clients inside it cost; no cost where none has a price. */
export async function withCost<T>(
  run: () => T | PromiseLike<T>,
): Promise<{ readonly value: T; readonly costNanoUsd?: number }> {
  const { value, reports } = await withReport(async () => await run())
  const costs = reports.flatMap(({ cost }) => (cost ? [cost.nanoUsd] : []))
  return { value, ...(costs.length > 0 && { costNanoUsd: costs.reduce((sum, each) => sum + each, 0) }) }
}
