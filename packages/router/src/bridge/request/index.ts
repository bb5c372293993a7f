export { translatable, translateRequest, type TranslatedRequest, type TranslateRequestOptions } from './translate.ts'
