export {
  ledgerContract,
  type ContractCase as LedgerCase,
  type ContractWorld as LedgerWorld,
} from '../budget/ledger-contract.ts'
export {
  contractStartMs,
  limitStoreContract,
  type LimitStoreCase,
  type LimitStoreSubject,
} from '../limits/testing/limit-store-contract.ts'
export { apiContract, type ApiFixture, type ContractCase } from './api-contract.ts'
export { fakeModels } from './fake-provider/catalogue.ts'
export { fakeProvider, type FailOptions, type FakeProvider } from './fake-provider/fake-provider.ts'
export { fakeFaults, type FakeFaultDetails, type FakeFaultName, type FakeFaultRule } from './fake-provider/faults.ts'
export type { FakeCall, FakeOutcome } from './fake-provider/journal.ts'
export { approximateTokenizer, type FakeTokenizer } from './fake-provider/model/tokens.ts'
export type { FakeModel, FakePace, FakeProviderOptions, FakeRoute } from './fake-provider/options.ts'
export type { FakeApi, FakeMessage, FakeRequest } from './fake-provider/request.ts'
export type {
  FakeAnswer,
  FakeCitation,
  FakeFinish,
  FakeMatch,
  FakeReply,
  FakeToolCall,
  FakeUsage,
} from './fake-provider/script.ts'
export type { FakeServer, ListenOptions } from './fake-provider/server.ts'

export { fakeClock, type FakeClock } from './fake-clock.ts'
export { recordFetch, type RecordingFetch, type RecordOptions } from './record-fetch.ts'
export { replayFetch, type ReplayingFetch, type ReplayOptions } from './replay-fetch.ts'
