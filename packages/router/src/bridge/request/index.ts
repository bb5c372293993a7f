export { traitsOf, type ModelTraits } from './model-traits.ts'
export type { Effort } from './neutral.ts'
export { translatable, translateRequest, type TranslatedRequest, type TranslateRequestOptions } from './translate.ts'
