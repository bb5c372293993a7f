import { beforeAll, describe, expect, it } from 'vitest'
import { fakeProvider, type FakeProvider } from './fake-provider/fake-provider.ts'
import { inMemory } from './fake-provider/test-clients.ts'
import { sluiceMatchers } from './vitest.ts'

expect.extend(sluiceMatchers)

const messages = [{ role: 'user' as const, content: 'My card is 4111 1111 1111 1111' }]
let provider: FakeProvider

beforeAll(async () => {
  provider = fakeProvider().on('gpt-5', 'Thank you.').fail('http-503', { model: 'gpt-5-nano' })
  const { openai } = inMemory(provider)
  for await (const _ of await openai.chat.completions.create({ model: 'gpt-5', messages, stream: true }));
  await openai.chat.completions.create({ model: 'gpt-5', messages })
  await openai.chat.completions.create({ model: 'gpt-5-nano', messages }).catch(() => {})
  for await (const _ of await openai.chat.completions.create({ model: 'gpt-5-mini', messages, stream: true })) break
})

describe('matchers on a provider', () => {
  it('pass', () => {
    expect(provider).toHaveCalledModel('gpt-5')
    expect(provider).toHaveCalledModel('gpt-5', 2)
    expect(provider).not.toHaveCalledModel('gpt-4')
    expect(provider).toHaveStreamed()
    expect(provider).toHaveStreamed('Thank you.')
    expect(provider).toHaveStreamed(/^Thank/)
    expect(provider).not.toHaveStreamed('Thank')
    expect(provider).toHaveFailedWith('http-503')
    expect(provider).toHaveFailedWith(503)
    expect(provider).not.toHaveFailedWith(200)
    expect(provider).toHaveBeenCancelled()
    expect(provider).toHaveSentText('4111 1111')
    expect(provider).not.toHaveSentText(/\d{17}/)
  })

  it.each<[string, () => void, RegExp]>([
    ['model', () => expect(provider).toHaveCalledModel('gpt-4'), /call the model gpt-4 at least once.*0 time/s],
    ['times', () => expect(provider).toHaveCalledModel('gpt-5', 3), /3 time\(s\).*It was called 2.*1\. POST/s],
    ['not', () => expect(provider).not.toHaveCalledModel('gpt-5'), /not to call the model gpt-5/],
    ['stream', () => expect(provider).toHaveStreamed('Bye'), /stream to its end "Bye".*"Thank you\."/s],
    ['no stream', () => expect(fakeProvider()).toHaveStreamed(), /Nothing was\..*\(none\)/s],
    ['failure', () => expect(provider).toHaveFailedWith('cut'), /fail with cut.*fault http-503/s],
    ['cancel', () => expect(fakeProvider()).toHaveBeenCancelled(), /to be cancelled/],
    ['text', () => expect(provider).not.toHaveSentText('4111'), /not to be sent "4111"/],
    ['no provider', () => expect(7 as never).toHaveBeenCancelled(), /FakeProvider or one of its calls/],
  ])('fail with a message that says what was there: %s', (_, run, message) => {
    expect(run).toThrow(message)
  })
})

describe('matchers on a call', () => {
  it('pass and fail', () => {
    const [streamed, whole, failed, cancelled] = provider.calls
    expect(streamed).toHaveStreamed('Thank you.')
    expect(whole).not.toHaveStreamed()
    expect(failed).toHaveFailedWith(503)
    expect(whole).not.toHaveFailedWith(503)
    expect(cancelled).toHaveBeenCancelled()
    expect(cancelled).not.toHaveStreamed()
    expect(whole).toHaveSentText('My card')
    expect(() => expect(whole).toHaveBeenCancelled()).toThrow(/Expected the call to be cancelled/)
  })
})
