import { describeCalls, type FakeCall } from './fake-provider/journal.ts'
import type { FakeFaultName } from './fake-provider/faults.ts'
import type { FakeProvider } from './fake-provider/fake-provider.ts'

/** What a vitest matcher gives back. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

type Subject = FakeProvider | FakeCall

/**
 * Matchers for what reached a fake provider: `expect.extend(sluiceMatchers)`, once, in a setup file. On a provider
 * each asks whether there is such a call; all but `toHaveCalledModel` work on a single call as well.
 *
 * @example
 * expect.extend(sluiceMatchers)
 * expect(provider).toHaveCalledModel('gpt-5-mini', 2)
 * expect(provider).not.toHaveSentText('4111 1111 1111 1111')
 */
export const sluiceMatchers: {
  /** There were calls to the model, exactly `times` if given. */
  toHaveCalledModel(provider: FakeProvider, model: string, times?: number): MatcherResult
  /** A streamed answer was delivered to its end, with exactly this text or one that the pattern matches. */
  toHaveStreamed(subject: Subject, text?: string | RegExp): MatcherResult
  /** A call met this fault, or got this error status. */
  toHaveFailedWith(subject: Subject, failure: FakeFaultName | number): MatcherResult
  /** The caller gave up a call: aborted, cancelled the body, or closed the connection. */
  toHaveBeenCancelled(subject: Subject): MatcherResult
  /** A request body holds this text, or one that the pattern matches, in any of its strings. */
  toHaveSentText(subject: Subject, text: string | RegExp): MatcherResult
} = {
  toHaveCalledModel(provider, model, times) {
    const count = callsOf(provider).filter((call) => call.model === model).length
    const wanted = times === undefined ? 'at least once' : `${times} time(s)`
    const pass = times === undefined ? count > 0 : count === times
    return result(provider, pass, `call the model ${model} ${wanted}`, `It was called ${count} time(s).`)
  },
  toHaveStreamed(subject, text) {
    const whole = callsOf(subject).filter((call) => call.stream && call.outcome === 'finished')
    const pass = whole.some((call) => text === undefined || fits(call.answerText, text, true))
    const wanted = text === undefined ? 'stream an answer to its end' : `stream to its end ${shown(text)}`
    const seen = whole.map((call) => JSON.stringify(call.answerText)).join('\n  ')
    return result(subject, pass, wanted, seen ? `Streamed to the end were:\n  ${seen}` : 'Nothing was.')
  },
  toHaveFailedWith(subject, failure) {
    const pass = callsOf(subject).some((call) =>
      typeof failure === 'number' ? failure >= 400 && call.status === failure : call.fault === failure,
    )
    return result(subject, pass, `fail with ${failure}`, '')
  },
  toHaveBeenCancelled(subject) {
    return result(
      subject,
      callsOf(subject).some((call) => call.outcome === 'cancelled'),
      'be cancelled by the caller',
      '',
    )
  },
  toHaveSentText(subject, text) {
    const pass = callsOf(subject).some((call) => stringsOf(call.body).some((own) => fits(own, text, false)))
    return result(subject, pass, `be sent ${shown(text)}`, '')
  },
}

function callsOf(subject: Subject): readonly FakeCall[] {
  if (typeof subject !== 'object' || subject === null || !('calls' in subject || 'outcome' in subject)) {
    throw new TypeError(`Expected a FakeProvider or one of its calls, but got ${String(subject)}.`)
  }
  return 'calls' in subject ? subject.calls : [subject]
}

function result(subject: Subject, pass: boolean, wanted: string, more: string): MatcherResult {
  const who = 'calls' in subject ? 'the provider' : 'the call'
  const message = (): string =>
    [`Expected ${who} ${pass ? 'not to' : 'to'} ${wanted}.`, more, `Calls:\n${describeCalls(callsOf(subject))}`]
      .filter((line) => line !== '')
      .join('\n')
  return { pass, message }
}

function fits(own: string, text: string | RegExp, exactly: boolean): boolean {
  if (text instanceof RegExp) return own.search(text) >= 0
  return exactly ? own === text : own.includes(text)
}

function shown(text: string | RegExp): string {
  return text instanceof RegExp ? String(text) : JSON.stringify(text)
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : []
}

declare module 'vitest' {
  // The type parameters must be those of vitest's own declaration.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    toHaveCalledModel(model: string, times?: number): R
    toHaveStreamed(text?: string | RegExp): R
    toHaveFailedWith(failure: FakeFaultName | number): R
    toHaveBeenCancelled(): R
    toHaveSentText(text: string | RegExp): R
  }
}
