import type { MonitorResult } from './monitor.ts'

/** The part of a logger of `@opentelemetry/api-logs` that results are sent to. */
export interface OtelLogger {
  emit(record: {
    readonly eventName: string
    readonly timestamp: number
    readonly attributes: Readonly<Record<string, string | number>>
  }): void
}

/**
 * Sends every score as the log event `gen_ai.evaluation.result` of OpenTelemetry's conventions for generative AI (in
 * development there; names may change with it): for `monitor({ onResult })`. No prompt, answer or explanation is sent.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-events/
 *
 * @example
 * monitor({ scorers: [refusal()], onResult: otelResults(logs.getLogger('evals')) })
 */
export function otelResults(logger: OtelLogger): (result: MonitorResult) => void {
  return ({ call, scores }) => {
    for (const [name, score] of Object.entries(scores)) {
      const responseId = call.answer?.id
      logger.emit({
        eventName: 'gen_ai.evaluation.result',
        timestamp: call.endedAtMs,
        attributes: {
          'gen_ai.evaluation.name': name,
          ...(score.status === 'scored' && { 'gen_ai.evaluation.score.value': score.score }),
          ...(score.status === 'scored' &&
            score.label !== undefined && { 'gen_ai.evaluation.score.label': score.label }),
          ...(score.status === 'unscored' && { 'gen_ai.evaluation.score.label': `unscored: ${score.reason}` }),
          ...(score.status === 'errored' && { 'error.type': 'scorer_error' }),
          ...(responseId !== undefined && { 'gen_ai.response.id': responseId }),
        },
      })
    }
  }
}
