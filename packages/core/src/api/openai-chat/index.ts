import { routes } from '../routes.ts'
import type { Api } from '../api.ts'
import { openaiStreams } from '../openai-streams.ts'
import { openaiUsage } from '../openai-usage.ts'
import { answer, answerText, mapAnswer } from './answer.ts'
import { replay } from './replay.ts'
import { mapText, prompt } from './request.ts'
import { delta, folder, isContent, isTerminal, mapDelta } from './stream.ts'

/** Chat completions: of OpenAI, and of the many servers that speak this dialect. */
export const openaiChat: Api<'openai.chat'> = {
  ...openaiStreams,
  id: 'openai.chat',
  match: routes['openai.chat'],
  prompt,
  mapText,
  answer,
  answerText,
  mapAnswer,
  usage: ({ usage }) => openaiUsage(usage),
  delta,
  mapDelta,
  folder,
  replay,
  isContent,
  isTerminal,
}

export { openaiChat as api }
