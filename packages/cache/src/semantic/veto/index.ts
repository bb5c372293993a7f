export { compareReadings } from './compare-readings.ts'
export { readText, vetoVersion } from './read-text.ts'
export { unsuited } from './unsuited.ts'
export type { SlotKind, TextReading, Unsuited, Veto, VetoCheck, VetoKind } from './veto.ts'
