export { embedderContract, type EmbedderCase, type EmbedderWorld } from './embedder-contract.ts'
export { storeContract } from './store-contract.ts'
export { type StoreContractCase, type StoreWorld } from './store-world.ts'
export { vectorIndexContract, type VectorIndexCase, type VectorIndexWorld } from './vector-index-contract.ts'
