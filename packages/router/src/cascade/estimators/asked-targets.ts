import { refuse } from '../../health/option-check.ts'
import { isTarget } from '../../target/is-target.ts'
import { modelTarget } from '../../target/model-target.ts'
import type { Target } from '../../target/target.ts'

/** A target that an estimator asks; a text is a model of the wrapped client. @throws {SluiceError} `config.option` */
export function askedTarget(owner: string, value: Target | string): Target {
  if (typeof value === 'string' && value !== '') return modelTarget(value)
  if (isTarget(value)) return value
  return refuse(`${owner} asks targets made with openaiTarget, anthropicTarget or defineTarget, or models by name.`)
}
