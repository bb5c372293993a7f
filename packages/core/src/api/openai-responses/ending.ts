import { isObject } from '../../json.ts'
import type { ChoiceView, Finish, ProviderError } from '../api.ts'
import { openaiError } from '../openai-errors.ts'
import { saidIn } from '../said.ts'
import { answerText } from './text.ts'
import type { ResponsesAnswer, ResponsesEvent } from './wire.ts'

export function isTerminal({ type }: ResponsesEvent): boolean {
  return /^(error|response\.(completed|incomplete|failed|cancelled))$/.test(type)
}

/** Beside bodies: `response.failed`, failed answers, and `error` events, which are the error or nest it. */
export function error(value: unknown): ProviderError | undefined {
  if (!isObject(value)) return undefined
  const { type, code, message, response, error: nested, status } = value
  if (type === 'response.failed') return error(response)
  if (nested) return openaiError(value)
  if (type === 'error') return openaiError({ error: { code, message } })
  return openaiError(status === 'failed' ? { error: 'The response failed.' } : value)
}

function finish({ status = 'completed', output = [], incomplete_details }: ResponsesAnswer): Finish | undefined {
  const reason = incomplete_details?.reason
  switch (status) {
    case 'queued':
    case 'in_progress':
      return undefined
    case 'completed':
      // Calls that the application has to run before the conversation can go on.
      return output.some(({ type }) =>
        /^(function|custom_tool|computer|local_shell|apply_patch)_call$/.test(type ?? ''),
      )
        ? 'tool_calls'
        : 'stop'
    case 'failed':
      return 'error'
    default:
      return reason === 'max_output_tokens' ? 'length' : reason === 'content_filter' ? reason : 'other'
  }
}

export function choiceOf(answer: ResponsesAnswer): ChoiceView {
  return {
    index: 0,
    ...saidIn(answerText(answer)),
    toolCalls: (answer.output ?? [])
      .filter(({ type }) => /^(function|custom_tool|mcp)_call$/.test(type ?? ''))
      .map((item) => ({
        id: item.call_id ?? item.id ?? undefined,
        name: item.name ?? '',
        arguments: String(item.arguments ?? item.input ?? ''),
      })),
    finish: finish(answer),
  }
}
