import { upperBound } from '../packages/cache/src/semantic/statistics/binomial.ts'
import type { Served } from './semantic-world.ts'

export function heading(title: string, ...columns: readonly string[]): void {
  console.log(`\n${title}`)
  line('', ...columns)
}

export function line(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(46) + cells.map((cell) => cell.padStart(15)).join(''))
}

/** Hits of what was asked, and the share of wrong ones among them with its one-sided 95 % upper bound. */
export function cells({ asked, hits, wrong }: Served): string[] {
  return [
    percent(hits / asked, 1),
    hits === 0 ? '–' : percent(wrong / hits, 2),
    hits === 0 ? '–' : `≤ ${percent(upperBound(wrong, hits), 2)}`,
  ]
}

export function percent(share: number, digits: number): string {
  return `${(share * 100).toFixed(digits)} %`
}

export function target(what: string, isMet: boolean): void {
  console.log(`  target: ${what}: ${isMet ? 'met' : 'MISSED'}`)
}
