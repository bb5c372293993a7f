import Anthropic from '@anthropic-ai/sdk'
import { inputTokens, outputTokens, sluice, withReport, type Attempt, type CallReport } from '@sluice/core'
import { anthropicTarget, openaiTarget, router, type RouterOptions, type Target } from '@sluice/router'
import OpenAI from 'openai'
import type { Ask, Client, Told } from './client.ts'
import { askOpenAI } from './openai.ts'

/**
 * The one configuration, for every scenario. What is not named has its default. A scale above 1 shortens what the faults
 * are measured by: the limits here, and the times that a breaker stays open.
 */
export function routerOptions(scale: number): Omit<RouterOptions, 'targets'> {
  return {
    midStream: 'continue',
    timeouts: { firstTokenMs: 10_000 / scale, betweenTokensMs: 10_000 / scale },
    ...(scale > 1 && { breaker: { openMs: 5_000 / scale, maxOpenMs: 20_000 / scale } }),
  }
}

export const ours: Client = {
  name: 'sluice',
  hasFallback: true,
  notes: `sluice(new OpenAI(…), [router({ targets, ...${JSON.stringify(routerOptions(1))} })]); all else its defaults.`,
  connect(origin, scale) {
    const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'key' })
    const made = new Map<string, OpenAI>()
    const routed = (targets: readonly Target[]): OpenAI =>
      sluice(client, [router({ targets, ...routerOptions(scale) })])
    const target = (model: string): Target =>
      // What the application knows of its models: some go on with an assistant message.
      openaiTarget(client, model, model.startsWith('ok-prefill') ? { capabilities: { prefill: true } } : {})
    const of = ({ model, fallback }: Ask): OpenAI => {
      const models = fallback === undefined ? [model] : [model, fallback]
      const key = models.join(' ')
      const known = made.get(key) ?? routed(models.map(target))
      made.set(key, known)
      return known
    }
    return {
      ask: (ask, told) => askRouted(of(ask), ask, told),
      acrossDialects: (model, fallback) =>
        routed([target(model), anthropicTarget(new Anthropic({ baseURL: origin, apiKey: 'key' }), fallback)]),
    }
  },
}

async function askRouted(client: OpenAI, ask: Ask, told: Told): Promise<void> {
  const { value, settled } = await withReport(() =>
    askOpenAI(client, ask, told).then(
      () => undefined,
      (error: unknown) => ({ error }),
    ),
  )
  const report = (await settled).at(-1)
  if (report) {
    told.report = linesOf(report)
    told.spent = spentOf(report)
  }
  if (value) throw value.error
}

function spentOf({ attempts }: CallReport): Told['spent'] {
  const { usage, isEstimated = false } = attempts.at(-1) ?? {}
  return usage && { input: inputTokens(usage), output: outputTokens(usage), isEstimated }
}

function linesOf({ attempts, decisions, outcome, model }: CallReport): string[] {
  const line = ({ target, reason, status, outcome, error, usage, isEstimated }: Attempt): string => {
    const tokens = usage && `${inputTokens(usage)} + ${outputTokens(usage)} tokens${isEstimated ? ', estimated' : ''}`
    return [`${reason} ${target}`, status, outcome, error, tokens].filter((part) => part !== undefined).join(', ')
  }
  return [
    `outcome ${outcome}, model ${model}`,
    ...attempts.map(line),
    ...decisions.map(({ action, reason, details }) => `${action} ${reason} ${JSON.stringify(details ?? {})}`),
  ]
}
