import { refuse } from '../health/option-check.ts'
import { failureClasses } from './error-table.ts'

const actions = ['retry', 'next', 'larger', 'stop']

/** Refuses rows that are none. @throws {SluiceError} `config.option` */
export function checkErrorRules(rules: unknown): void {
  if (!Array.isArray(rules)) refuse('errors of the router must be a list of rows like those of errorTable.')
  for (const [place, rule] of (rules as unknown[]).entries()) {
    if (typeof rule !== 'object' || rule === null) refuse(`Row ${place + 1} of errors is no rule, got ${String(rule)}.`)
    const { name, action, class: kind } = rule as { name?: unknown; action?: unknown; class?: unknown }
    if (typeof name !== 'string' || name === '') refuse(`Row ${place + 1} of errors needs a name, got ${String(name)}.`)
    if (!actions.includes(action as string))
      refuse(`action of "${String(name)}" in errors must be ${actions.join(', ')}, got ${JSON.stringify(action)}.`)
    if (!(failureClasses as readonly unknown[]).includes(kind))
      refuse(
        `class of "${String(name)}" in errors must be one of ${failureClasses.join(', ')}, got ${JSON.stringify(kind)}.`,
      )
  }
}
