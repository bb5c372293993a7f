import assert from 'node:assert/strict'
import type { AnswerOf, AnswerText, Api, ApiId } from '../../api/api.ts'
import { deepFreeze } from '../../json.ts'
import { inputMeters, inputTokens, outputTokens, type Usage } from '../../usage.ts'
import type { ApiFixture, Laws } from './fixture.ts'
import { assertJson, assertOnlyRewritten, rewritten, withUnknownFields } from './json.ts'

/** The laws of the functions of an {@link Api} that read or change a whole answer. */
export function answerLaws<A extends ApiId>(api: Api<A>, whole: AnswerOf<A>, totals: ApiFixture['totals']): Laws {
  return {
    'parts of an answer are named once': () => {
      const names = api.answerText(whole).map(({ part }) => part)
      assert.deepStrictEqual(names, [...new Set(names)])
    },
    'the view says what the answer text says': () => {
      const parts = api.answerText(whole)
      for (const choice of api.answer(whole).choices) {
        const joined = parts.filter((part) => part.choice === choice.index && part.channel === 'text')
        assert.equal(choice.text, joined.map(({ text }) => text).join(''))
        for (const call of choice.toolCalls) {
          const known = parts.some((part) => part.channel === 'tool' && part.text === call.arguments)
          assert.ok(known || call.arguments === '', `answerText lacks the arguments of ${call.name}`)
        }
      }
    },
    'mapAnswer with identity returns the same object': () =>
      assert.strictEqual(
        api.mapAnswer(whole, ({ text }) => text),
        whole,
      ),
    'mapAnswer rewrites exactly the answer text': () => {
      for (const answer of [whole, deepFreeze(withUnknownFields(whole)) as AnswerOf<A>]) {
        const parts = api.answerText(answer)
        const texts = parts.map(rewritten)
        const seen: AnswerText[] = []
        const changed = api.mapAnswer(answer, (part) => texts[seen.push(part) - 1] ?? '')
        assert.deepStrictEqual(seen, parts)
        assert.deepStrictEqual(
          api.answerText(changed),
          parts.map((part, at) => ({ ...part, text: texts[at] })),
        )
        assertOnlyRewritten(
          answer,
          changed,
          parts.map((part, at) => [part.text, texts[at] ?? '']),
        )
        for (const [at, { part, text }] of parts.entries()) {
          const one = api.mapAnswer(answer, (other) => (other.part === part ? (texts[at] ?? '') : other.text))
          assertOnlyRewritten(answer, one, [[text, texts[at] ?? '']])
        }
        assertJson(changed)
      }
    },
    'token meters sum to the provider totals': () => {
      const usage = api.usage(whole)
      if (usage) assertMeters(usage)
      if (!totals) return
      assert.ok(usage, 'usage() found nothing')
      assert.deepStrictEqual({ input: inputTokens(usage), output: outputTokens(usage) }, totals)
    },
    'an answer is no error': () => {
      if (api.answer(whole).choices.every(({ finish }) => finish !== 'error')) assert.equal(api.error(whole), undefined)
    },
  }
}

/** Asserts that every meter counts whole tokens, and that reasoning is inside the output. */
export function assertMeters(usage: Usage): void {
  for (const [meter, count] of Object.entries(usage))
    assert.ok(Number.isSafeInteger(count) && count >= 0, `${meter} is ${count}`)
  assert.ok(usage.reasoning <= outputTokens(usage), 'reasoning exceeds the output')
  assert.ok(inputMeters.every((meter) => meter in usage))
}
