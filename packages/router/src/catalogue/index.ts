export { catalogue, modelFacts } from './catalogue.ts'
export type { Catalogue, ModelFacts } from './model-facts.ts'
