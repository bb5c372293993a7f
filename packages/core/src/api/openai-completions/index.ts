import { routes } from '../routes.ts'
import type { AnswerText, Api, TextPart } from '../api.ts'
import { piecesOf } from '../pieces.ts'
import { collect, editObjects, editText } from '../edit.ts'
import { editTexts } from '../edit-places.ts'
import { finishOf, indexOf } from '../openai-chat/answer.ts'
import { openaiError } from '../openai-errors.ts'
import { foldChoices, grow, settle, type Draft } from '../openai-fold.ts'
import { eventsOf } from '../openai-replay.ts'
import { openaiStreams } from '../openai-streams.ts'
import { openaiUsage } from '../openai-usage.ts'
import type { CompletionsAnswer, CompletionsEvent, CompletionsRequest } from './wire.ts'

/** Text completions. A prompt given as tokens is no text: `prompt` lists nothing for it. */
export const openaiCompletions: Api<'openai.completions'> = {
  ...openaiStreams,
  id: 'openai.completions',
  match: routes['openai.completions'],
  prompt: (request) => collect((see) => mapText(request, see)),
  mapText,
  answer: ({ id, model, choices }) => ({
    id,
    model,
    choices: (choices ?? []).map((choice, position) => ({
      index: indexOf(choice, position),
      text: choice.text ?? '',
      refusal: undefined,
      reasoning: undefined,
      toolCalls: [],
      finish: finishOf(choice.finish_reason),
    })),
  }),
  answerText,
  mapAnswer,
  usage: ({ usage }) => openaiUsage(usage),
  delta: (event) => answerText(event).map((part) => ({ ...part, mode: 'delta' })),
  mapDelta: (event, map) => mapAnswer(event, (part) => map({ ...part, mode: 'delta' })),
  folder: () =>
    foldChoices<'openai.completions', Draft>('text_completion', {
      open: () => ({ text: '' }),
      push(draft, choice, index, cut) {
        grow(draft, choice)
        const text = choice['text']
        if (typeof text === 'string' && text !== '') cut(`${index}.text`, text.length)
      },
      close: (draft) => ({ ...settle(draft), finish_reason: draft['finish_reason'] || null }),
    }),
  replay(value, boundaries) {
    const pieces = piecesOf(answerText(value), boundaries).map(({ choice, text }) => [
      { index: choice, text, finish_reason: null },
    ])
    const ends = value.choices.map((choice, position) => [{ ...choice, index: indexOf(choice, position), text: '' }])
    return eventsOf(value, 'text_completion', [...pieces, ...ends]) as unknown as readonly CompletionsEvent[]
  },
  isContent: (event) => event.choices?.some(({ text }) => text) === true,
  isTerminal: (event) =>
    openaiError(event) !== undefined || event.choices?.some(({ finish_reason }) => finish_reason) === true,
}

function mapText(request: CompletionsRequest, map: (part: TextPart) => string): CompletionsRequest {
  return editTexts(request, ['prompt', 'suffix'], map)
}

function answerText(value: CompletionsAnswer): readonly AnswerText[] {
  return collect((see) => mapAnswer(value, see))
}

function mapAnswer(value: CompletionsAnswer, map: (part: AnswerText) => string): CompletionsAnswer {
  return editObjects(value, 'choices', (choice, position) => {
    const index = indexOf(choice, position)
    return editText(choice, 'text', (text) => map({ part: `${index}.text`, choice: index, channel: 'text', text }))
  })
}

export { openaiCompletions as api }
