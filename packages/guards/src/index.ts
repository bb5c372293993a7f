export { checkText, type CheckTextOptions, type GuardVerdict, type TextCheck } from './check-text.ts'
export {
  type Detector,
  type DetectorContext,
  type GuardAction,
  type GuardStage,
  type Span,
  type Verdict,
} from './detector.ts'
export { GuardBlockedError } from './errors.ts'
export { guards, type GuardsOptions } from './guards.ts'
export { pii, type PiiEntity, type PiiOptions } from './pii/pii.ts'
