import { badOption, checkNames } from '../eval-error.ts'
import { fallDetector, type FallDetector } from '../stats/sequential.ts'

export interface AlarmOptions {
  /**
   * The mean that a scorer should have at least, by the scorer's name: an objective, or the lower end of the interval of
   * what is normal. Between 0 and 1.
   */
  readonly targets: Readonly<Record<string, number>>
  /** Of so many evaluated calls, at most one raises a false page, over all scorers and groups together. @default 10_000 */
  readonly pageEvery?: number
  /** The same for warnings. @default 1_000 */
  readonly warnEvery?: number
  /** After an alarm no other of its level for the same scorer and group for so long, in milliseconds. @default 3_600_000 */
  readonly cooldownMs?: number
  /** How many groups there will be, for the false alarms of all together. @default as many as have come up so far */
  readonly groups?: number
}

/** What is known when a scorer falls, or is well again. */
export interface Alarm {
  readonly level: 'warn' | 'page' | 'recovered'
  readonly scorer: string
  /** The group it is about; empty without strata. */
  readonly stratum: string
  readonly target: number
  /** The evidence, and what it had to reach. */
  readonly evidence: number
  readonly threshold: number
  /** Scores since the evidence began to grow, and their mean. */
  readonly recent: { readonly n: number; readonly mean: number }
  readonly atMs: number
}

/** Watches scores by scorer and group. */
export interface Alarms {
  /** Takes a score of a call that was drawn by chance. */
  add(scorer: string, stratum: string, score: number, atMs: number): readonly Alarm[]
  /** Which alarms are on. */
  active(): readonly Pick<Alarm, 'level' | 'scorer' | 'stratum'>[]
}

/** Evidence of 20 to 1 that the mean is above the target again ends an alarm. */
const recoveryThreshold = 20

/** @throws {SluiceError} `config.option`, `eval.out_of_range` for a target. */
export function createAlarms(options: AlarmOptions): Alarms {
  const of = 'monitor({ alarm })'
  checkNames(of, options, ['targets', 'pageEvery', 'warnEvery', 'cooldownMs', 'groups'])
  const { targets, pageEvery = 10_000, warnEvery = 1_000, cooldownMs = 3_600_000 } = options
  for (const [option, every] of Object.entries({ pageEvery, warnEvery }))
    if (!(every > 1)) throw badOption(of, option, 'a number above 1', every)
  for (const target of Object.values(targets)) fallDetector(target)
  const watches = new Map<string, Watch>()

  return {
    add(scorer, stratum, score, atMs) {
      const target = targets[scorer]
      if (target === undefined) return []
      const key = JSON.stringify([scorer, stratum])
      let watch = watches.get(key)
      if (!watch) watches.set(key, (watch = newWatch(scorer, stratum, target)))
      // Each detector alone may be wrong once in so many scores: of k together each must be k times as sure.
      const detectors = Math.max(watches.size, (options.groups ?? 1) * Object.keys(targets).length)
      return step(watch, score, atMs, { page: pageEvery * detectors, warn: warnEvery * detectors, cooldownMs })
    },
    active: () =>
      [...watches.values()].flatMap(({ level, scorer, stratum }) => (level ? [{ level, scorer, stratum }] : [])),
  }
}

interface Watch {
  readonly scorer: string
  readonly stratum: string
  readonly target: number
  readonly fall: FallDetector
  readonly rise: FallDetector
  level: 'warn' | 'page' | undefined
  raisedAtMs: { warn: number; page: number }
  /** Scores since the evidence of a fall, or of a rise, began to grow. */
  falling: Tally
  rising: Tally
}

interface Tally {
  readonly n: number
  readonly total: number
}

const nothing: Tally = { n: 0, total: 0 }

function newWatch(scorer: string, stratum: string, target: number): Watch {
  return {
    scorer,
    stratum,
    target,
    fall: fallDetector(target),
    // That x rises above the target is that 1 − x falls below 1 − target.
    rise: fallDetector(1 - target),
    level: undefined,
    raisedAtMs: { warn: Number.NEGATIVE_INFINITY, page: Number.NEGATIVE_INFINITY },
    falling: nothing,
    rising: nothing,
  }
}

function step(
  watch: Watch,
  score: number,
  atMs: number,
  limits: { readonly page: number; readonly warn: number; readonly cooldownMs: number },
): readonly Alarm[] {
  const evidence = watch.fall.add(score)
  watch.falling = grown(watch.falling, score, evidence)
  const alarm = (level: Alarm['level'], threshold: number, of: number, { n, total }: Tally): Alarm => ({
    level,
    scorer: watch.scorer,
    stratum: watch.stratum,
    target: watch.target,
    evidence: of,
    threshold,
    recent: { n, mean: total / n },
    atMs,
  })
  for (const level of ['page', 'warn'] as const) {
    if (evidence < limits[level]) continue
    if (watch.level === level || (watch.level === 'page' && level === 'warn')) break
    if (atMs - watch.raisedAtMs[level] < limits.cooldownMs) break
    watch.level = level
    watch.raisedAtMs[level] = atMs
    watch.rise.reset()
    watch.rising = nothing
    return [alarm(level, limits[level], evidence, watch.falling)]
  }
  if (!watch.level) return []
  const recovery = watch.rise.add(1 - score)
  watch.rising = grown(watch.rising, score, recovery)
  if (recovery < recoveryThreshold || evidence >= limits.warn) return []
  watch.level = undefined
  watch.fall.reset()
  watch.falling = nothing
  return [alarm('recovered', recoveryThreshold, recovery, watch.rising)]
}

/** Below 1 the evidence starts afresh: the score, and what came before, speak for nothing. */
function grown({ n, total }: Tally, score: number, evidence: number): Tally {
  return evidence < 1 ? nothing : { n: n + 1, total: total + score }
}
