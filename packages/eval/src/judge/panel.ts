import { badOption, checkNames } from '../eval-error.ts'
import { unscored } from '../score/outcome.ts'
import type { Score, Scorer } from '../score/scorer.ts'
import type { Judge } from './judge.ts'

export interface PanelOptions {
  /** @default 'panel' */
  readonly name?: string
}

/**
 * Several judges as one: the median of their scores, best of different makers. Those that give no score are left out; half
 * of them or fewer are no panel (unscored, `no_quorum`). The evidence has what each said; scores more than half apart have
 * the label `split`.
 *
 * @throws {SluiceError} `config.option`
 */
export function panel(judges: readonly Scorer[], options: PanelOptions = {}): Judge {
  checkNames('panel()', options, ['name'])
  const { name = 'panel' } = options
  if (!Array.isArray(judges) || judges.length < 2)
    throw badOption('panel()', 'judges', 'a list of at least two', judges)
  const members = judges as readonly Scorer[]
  if (new Set(members.map((member) => member.name)).size < members.length)
    throw badOption('panel()', 'judges', 'of different names; give them the option "name"', 'equal ones')
  return {
    name,
    version: `panel-1 ${members.map((member) => `${member.name}@${member.version}`).join(' ')}`,
    isJudge: true,
    models: members.flatMap(({ models }) => models ?? []),
    async score(scored): Promise<Score> {
      const scores = await Promise.all(members.map(async (member) => await member.score(scored)))
      const values = scores
        .flatMap((score) => (score.status === 'scored' ? [score.score] : []))
        .toSorted((a, b) => a - b)
      const costs = scores.flatMap(({ costNanoUsd }) => (costNanoUsd === undefined ? [] : [costNanoUsd]))
      const cost = costs.length > 0 ? { costNanoUsd: costs.reduce((sum, each) => sum + each, 0) } : {}
      const evidence = Object.fromEntries(members.map((member, index) => [member.name, scores[index]]))
      if (values.length * 2 <= members.length) return { ...unscored('no_quorum', evidence), ...cost }
      const middle = values.length >> 1
      const upper = values[middle] as number
      const score = values.length % 2 === 1 ? upper : (upper + (values[middle - 1] as number)) / 2
      const isSplit = (values.at(-1) as number) - (values[0] as number) > 0.5
      return { status: 'scored', score, ...(isSplit && { label: 'split' }), evidence, ...cost }
    },
  }
}
