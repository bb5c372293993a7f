import { type Clock, systemClock } from '../../clock.ts'
import { configError } from '../../errors.ts'
import { fakeModels, unknownModel } from './catalogue.ts'
import { createResponseStore, type ResponseStore } from './dialects/responses-store.ts'
import { Failure } from './failure.ts'
import { createFaultBoard, type FaultBoard } from './faults.ts'
import { createJournal, type Journal } from './journal.ts'
import { createPromptCache, type PromptCache } from './model/prompt-cache.ts'
import { defaultTokenizer, type FakeTokenizer } from './model/tokens.ts'
import type { FakeModel, FakePace, FakeProviderOptions } from './options.ts'
import { createScript, type Script } from './script.ts'
import { createShelf, type Shelf } from './services/shelf.ts'

/** Everything that one provider remembers. */
export interface State {
  readonly options: FakeProviderOptions
  readonly seed: number
  readonly clock: Clock
  readonly pace: FakePace
  readonly models: readonly FakeModel[]
  readonly journal: Journal
  readonly script: Script
  readonly faults: FaultBoard
  readonly cache: PromptCache
  readonly responses: ResponseStore
  /** Files, batches and what else the service routes keep. */
  readonly shelf: Shelf
  tokenizer(): Promise<FakeTokenizer>
  /** @throws {Failure} the provider's 404 for a model it does not serve */
  model(id: string): FakeModel
  /** The next request's number, from 1. */
  nextCall(): number
  /** Back to the beginning: no scripts, calls or stored objects, faults as in the options. */
  reset(): void
}

/** @throws {SluiceError} config.invalid_models, config.unknown_fault, config.invalid_rate */
export function createState(options: FakeProviderOptions): State {
  const models = options.models ?? fakeModels
  if (new Set(models.map((model) => model.id)).size < models.length) {
    throw configError('invalid_models', 'Two models of the fake provider have the same id; give each its own.')
  }
  const seed = options.seed ?? 1
  const clock = options.clock ?? systemClock
  const journal = createJournal()
  const script = createScript()
  const faults = createFaultBoard(seed, clock)
  const cache = createPromptCache()
  const responses = createResponseStore()
  const shelf = createShelf()
  let calls = 0
  const addFaults = (): void => {
    for (const rule of options.faults ?? []) faults.add(rule)
  }
  addFaults()
  return {
    options,
    seed,
    clock,
    pace: options.pace ?? 'instant',
    models,
    journal,
    script,
    faults,
    cache,
    responses,
    shelf,
    tokenizer: async () => options.tokenizer ?? defaultTokenizer(),
    model(id) {
      const found = models.find((model) => model.id === id)
      if (found) return found
      if (options.unknownModels !== 'reject') return unknownModel(id)
      throw new Failure({
        status: 404,
        code: 'model_not_found',
        param: null,
        message: `The model \`${id}\` does not exist or you do not have access to it.`,
        anthropicMessage: `model: ${id}`,
      })
    },
    nextCall: () => ++calls,
    reset() {
      calls = 0
      script.clear()
      faults.clear()
      addFaults()
      journal.clear()
      cache.clear()
      responses.clear()
      shelf.clear()
    },
  }
}
