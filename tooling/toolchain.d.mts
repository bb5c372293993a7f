import type { SpawnSyncReturns } from 'node:child_process'

export function nodePackage(major: number): string
export function bring(packages: readonly string[], programs: readonly string[], announce?: () => void): string
export function tail(result: Pick<SpawnSyncReturns<string>, 'stdout' | 'stderr'>): string
