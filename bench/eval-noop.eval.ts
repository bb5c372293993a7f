/** 5,000 cases whose target does nothing, and what the process took, told at its end. Run by eval.ts. */
import { defineSuite, exact, type Suite } from '@sluice/eval'

export const suite: Suite<string, string, string> = defineSuite('no-op', {
  cases: Array.from({ length: 5_000 }, (_, index) => ({
    id: `${index}`,
    input: `text ${index}`,
    expected: `text ${index}`,
  })),
  target: (input: string) => input,
  scorers: [exact()],
})

process.once('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  console.log(
    JSON.stringify({ wallMs: performance.now(), cpuMs: (userCPUTime + systemCPUTime) / 1_000, rssMb: maxRSS / 1_024 }),
  )
})
