import assert from 'node:assert/strict'
import {
  fold,
  type AnswerOf,
  type Api,
  type ApiId,
  type Boundaries,
  type EventOf,
  type EventText,
} from '../../api/api.ts'
import { deepFreeze } from '../../json.ts'
import { inputTokens, outputTokens } from '../../usage.ts'
import { assertMeters } from './answer.ts'
import type { ApiFixture, Laws } from './fixture.ts'
import { assertJson, assertOnlyRewritten, rewritten, withUnknownFields } from './json.ts'

/** The laws of the functions of an {@link Api} that read, change, fold or make stream events. */
export function streamLaws<A extends ApiId>(api: Api<A>, whole: AnswerOf<A>, fixture: ApiFixture<A>): Laws {
  const events = fixture.events ?? (deepFreeze(api.replay(whole)) as readonly EventOf<A>[])
  return {
    'events fold to the whole answer': () => {
      assert.deepStrictEqual(fold(api, events), whole)
      assertJson(fold(api, events))
    },
    'replay folds back to the answer': () => {
      for (const answer of [whole, deepFreeze(withUnknownFields(whole)) as AnswerOf<A>]) {
        const replayed = api.replay(answer)
        assertJson(replayed)
        assert.deepStrictEqual(fold(api, deepFreeze(replayed)), answer)
      }
    },
    'replay cuts where the stream was cut': () => {
      const folder = api.folder()
      for (const event of events) folder.push(event)
      const replayed = api.replay(whole, folder.boundaries())
      assert.deepStrictEqual(cuts(api, replayed), cuts(api, events))
      const again = api.folder()
      for (const event of replayed) again.push(event)
      assert.deepStrictEqual(again.answer(), whole)
      assert.deepStrictEqual(again.boundaries(), folder.boundaries())
    },
    'replay cuts where it is told': () => {
      const boundaries = api.answerText(whole).flatMap(({ part, text }) => everyThree(part, text.length))
      const told = cuts(api, api.replay(whole, boundaries)).map(([part, text]) => [part, text.length])
      assert.deepStrictEqual(told, boundaries)
    },
    'replay survives boundaries that do not fit': () => {
      const parts = api.answerText(whole).map(({ part }) => part)
      const wrong: Boundaries = ['no-such-part', ...parts, ...parts].flatMap((part, at) =>
        [1, 0, -3, at % 2 ? 1e9 : 2].map((length) => [part, length] as const),
      )
      for (const boundaries of [[], wrong, wrong.slice(0, 3)])
        assert.deepStrictEqual(fold(api, api.replay(whole, boundaries)), whole)
    },
    'deltas of a stream join to the text of its answer': () => {
      const joined = new Map<string, Omit<EventText, 'mode'>>()
      const final = new Map(api.answerText(whole).map((part) => [part.part, part]))
      for (const { mode, ...piece } of events.flatMap((event) => api.delta(event))) {
        if (mode === 'snapshot') assert.equal(piece.text, final.get(piece.part)?.text, `snapshot of ${piece.part}`)
        if (mode === 'snapshot') continue
        const before = joined.get(piece.part)
        joined.set(piece.part, { ...piece, text: (before?.text ?? '') + piece.text })
      }
      const filled = [...final.values()].filter(({ text }) => text !== '')
      assert.deepStrictEqual([...joined.values()].toSorted(byPart), filled.toSorted(byPart))
    },
    'an answer taken in the middle does not change afterwards': () => {
      const folder = api.folder()
      const taken = events.map((event) => {
        folder.push(event)
        return [folder.answer(), structuredClone(folder.answer())]
      })
      for (const [answer, copy] of taken) assert.deepStrictEqual(answer, copy)
      assert.deepStrictEqual(folder.answer(), whole)
    },
    'mapDelta with identity returns the same object': () => {
      for (const event of events)
        assert.strictEqual(
          api.mapDelta(event, ({ text }) => text),
          event,
        )
    },
    'mapDelta rewrites exactly the texts of delta': () => {
      for (const event of [...events, ...(deepFreeze(withUnknownFields(events)) as EventOf<A>[])]) mapsDelta(api, event)
    },
    'events with text are content': () => {
      for (const event of events) {
        const adds = api.delta(event).some(({ mode, text }) => mode === 'delta' && text !== '')
        if (adds) assert.equal(api.isContent(event), true, JSON.stringify(event))
      }
      if (api.answerText(whole).some(({ text }) => text !== '')) assert.ok(events.some((event) => api.isContent(event)))
    },
    'the answer is over with its terminal event and not before': () => endsOnce(api, events, fixture.incomplete),
    'usage runs up to the provider totals': () => {
      const seen = events.map((event) => api.usage(event)).filter((usage) => usage !== undefined)
      seen.forEach(assertMeters)
      const { totals } = fixture
      if (!totals) return
      assert.deepStrictEqual(
        { input: Math.max(0, ...seen.map(inputTokens)), output: Math.max(0, ...seen.map(outputTokens)) },
        totals,
      )
    },
    'events of usage alone can be left out': () => {
      const alone = events.filter((event) => api.isUsageOnly(event))
      for (const event of alone) {
        assert.ok(api.usage(event), 'carries no usage')
        assert.equal(api.isContent(event) || api.delta(event).length > 0, false)
      }
      const rest = fold(
        api,
        events.filter((event) => !alone.includes(event)),
      )
      assert.deepStrictEqual(rest && api.answer(rest).choices, api.answer(whole).choices)
    },
    'nothing but the trace of streamed usage is taken out of events': () => {
      for (const event of events) {
        const without = api.withoutUsageTrace?.(event) ?? event
        assert.strictEqual(api.withoutUsageTrace?.(without) ?? without, without)
        assert.deepStrictEqual(api.delta(without), api.delta(event))
        assert.deepStrictEqual(api.usage(without), api.usage(event))
        const same = [without, event].map((one) => [api.isContent(one), api.isTerminal(one), api.isUsageOnly(one)])
        assert.deepStrictEqual(same[0], same[1])
        assert.deepStrictEqual({ ...event, ...without }, event)
      }
    },
    'encoded events are read back from server-sent events': () => {
      const body = events.map((event) => api.encode(event)).join('') + api.trailer
      const frames = readFrames(body)
      const sent = api.trailer === '' ? events : [...events, '[DONE]']
      assert.deepStrictEqual(
        frames.map((data) => (data === '[DONE]' ? data : JSON.parse(data))),
        sent,
      )
    },
  }
}

function endsOnce<A extends ApiId>(api: Api<A>, events: readonly EventOf<A>[], incomplete = false): void {
  const folder = api.folder()
  const terminal = events.map((event) => {
    folder.push(event)
    const over = api.isTerminal(event)
    const answer = folder.answer()
    const finished = answer !== undefined && api.answer(answer).choices.some(({ finish }) => finish !== undefined)
    if (over) assert.ok(finished || api.error(event), 'is terminal, but no choice is finished and there is no error')
    return over
  })
  assert.equal(terminal.includes(true), !incomplete, 'terminal events')
  if (incomplete) return
  const choices = api.answer(folder.answer() as AnswerOf<A>).choices
  if (events.every((event) => api.error(event) === undefined))
    for (const choice of choices) assert.ok(choice.finish, `choice ${choice.index} is not finished`)
  // Choices end one by one: with several, text of one may follow the end of another.
  const last = choices.length > 1 ? terminal.lastIndexOf(true) : terminal.indexOf(true)
  for (const event of events.slice(last + 1)) assert.deepStrictEqual(api.delta(event), [], 'text after the end')
}

function mapsDelta<A extends ApiId>(api: Api<A>, event: EventOf<A>): void {
  const parts = api.delta(event)
  const texts = parts.map(rewritten)
  const seen: EventText[] = []
  const changed = api.mapDelta(event, (part) => texts[seen.push(part) - 1] ?? '')
  assert.deepStrictEqual(seen, parts, 'mapDelta shows other parts than delta lists')
  assert.deepStrictEqual(
    api.delta(changed),
    parts.map((part, at) => ({ ...part, text: texts[at] })),
  )
  assertOnlyRewritten(
    event,
    changed,
    parts.map((part, at) => [part.text, texts[at] ?? '']),
  )
  assertJson(changed)
}

/** What a consumer sees of the cuts: the non-empty deltas, in order. */
function cuts<A extends ApiId>(api: Api<A>, events: readonly EventOf<A>[]): [string, string][] {
  const deltas = events.flatMap((event) => api.delta(event)).filter(({ mode, text }) => mode === 'delta' && text !== '')
  return deltas.map(({ part, text }) => [part, text])
}

function everyThree(part: string, length: number): [string, number][] {
  return Array.from({ length: Math.ceil(length / 3) }, (_, at) => [part, Math.min(3, length - at * 3)])
}

function byPart(a: { readonly part: string }, b: { readonly part: string }): number {
  return a.part < b.part ? -1 : 1
}

/** The data of every frame, read as the HTML standard says; a frame without its blank line is lost, as there. */
function readFrames(body: string): string[] {
  const frames: string[] = []
  const data: string[] = []
  // What follows the last line feed is no line.
  for (const line of body.split(/\r\n|\r|\n/).slice(0, -1)) {
    if (line === '' && data.length > 0) frames.push(data.splice(0).join('\n'))
    else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
  }
  return frames
}
