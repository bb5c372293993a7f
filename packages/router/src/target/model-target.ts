import { SluiceError } from '@sluice/core'
import type { ApiId } from '@sluice/core'
import { defineTarget } from './define-target.ts'
import type { Target, TargetOptions } from './target.ts'

const ofClient = new WeakSet<Target>()

/** Whether a target is a model of the wrapped client, which can be asked within one of its calls only. */
export function isModelTarget(target: Target): boolean {
  return ofClient.has(target)
}

/** Every dialect: the wrapped client speaks whichever the application used. */
const anyApi: readonly ApiId[] = [
  'openai.chat',
  'openai.responses',
  'openai.completions',
  'openai.embeddings',
  'anthropic.messages',
]

/**
 * Another model at the client that is wrapped: the call goes on through the rest of the pipeline with that model's name.
 * In a router's list of targets a text stands for the same.
 *
 * @throws {SluiceError} `config.target`; when it is used: `route.no_client` in a router that is part of no pipeline.
 */
export function modelTarget(model: string, options: Omit<TargetOptions, 'forwardHeaders'> = {}): Target {
  const target = defineTarget({
    id: model,
    ...options,
    model,
    api: anyApi,
    handle: (call, next) => (next ? next(call) : Promise.reject(noClient(model))),
  })
  ofClient.add(target)
  return target
}

function noClient(model: string): SluiceError {
  return new SluiceError({
    code: 'route.no_client',
    message: `The target "${model}" is a model of the wrapped client, and this router wraps none. Use openaiTarget(client, model).`,
    details: { model },
    status: 500,
  })
}
