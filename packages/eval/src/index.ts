export { latencySummary, type LatencySummary } from './latency.ts'
export { quantile, type Quantile, type QuantileEstimate, type QuantileOptions, type TooFew } from './quantile.ts'
export { wilson, type Proportion } from './wilson.ts'
