import type { Detector, StreamTrait } from './detector.ts'
import { checkDoubt, checkFunction, checkNumber, checkOneOf, checkStreamMode, refuse } from './option-checks.ts'

/** What was found in order: the same detectors are handed to `checkText` again and again. */
const checked = new WeakSet<object>()

/** Refuses what is no list of detectors: a field with a typing error must not become a guard that is off. */
export function checkDetectors(where: string, name: string, list: unknown): void {
  if (!Array.isArray(list) || !list.every(isDetector))
    refuse(`The option "${name}" of ${where} must be a list of detectors, such as [pii()].`)
  for (const detector of list as readonly Detector[]) {
    if (checked.has(detector)) continue
    checkFields(detector)
    checked.add(detector)
  }
}

function isDetector(each: Partial<Detector> | null | undefined): boolean {
  return typeof each?.check === 'function' && typeof each.name === 'string' && each.name !== ''
}

function checkFields({ name, effort, actions, onError, restore, stream, streamMode, doubt }: Detector): void {
  const where = `the detector "${name}"`
  if (effort !== undefined) checkOneOf(where, 'effort', effort, ['local', 'model'])
  if (onError !== undefined) checkOneOf(where, 'onError', onError, ['closed', 'open'])
  if (restore !== undefined && typeof restore !== 'boolean') refuse(`restore of ${where} must be true or false.`)
  if (actions !== undefined) {
    if (!Array.isArray(actions)) refuse(`actions of ${where} must be a list out of warn, redact, block.`)
    for (const action of actions) checkOneOf(where, 'actions', action, ['warn', 'redact', 'block'])
  }
  if (stream !== undefined) checkStream(where, stream)
  checkStreamMode(where, streamMode)
  if (doubt !== undefined) checkDoubt(where, doubt)
}

function checkStream(where: string, stream: Partial<StreamTrait> | null): void {
  if (typeof stream !== 'object' || typeof stream?.couldGrow !== 'function')
    refuse(`stream of ${where} must have maxMatch and couldGrow(tail).`)
  const { maxMatch, lookBack, judge, finish } = stream as StreamTrait
  checkNumber(`stream of ${where}`, 'maxMatch', maxMatch, { min: 1 })
  if (lookBack !== undefined) checkNumber(`stream of ${where}`, 'lookBack', lookBack, { min: 0 })
  checkFunction(`the stream of ${where}`, 'judge', judge)
  checkFunction(`the stream of ${where}`, 'finish', finish)
}
