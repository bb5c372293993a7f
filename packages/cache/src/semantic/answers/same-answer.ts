import type { Api, JsonObject } from '@sluice/core'
import { contentOf, sameContent, type AnswerContent } from './content.ts'

/** An answer with the prompt that it was given to. */
export interface AnsweredPrompt {
  readonly prompt: string
  /** The text of the answer's first choice; of tool calls their names and arguments as JSON. */
  readonly text: string
  /** The native answer. */
  readonly answer: JsonObject
}

/**
 * Tells whether two answers say the same, so that one could be served for the other; `undefined` when it cannot tell. Asked
 * off the path of calls, and only about answers that are neither equal nor plain data. One that rejects cannot tell.
 */
export type SameAnswer = (a: AnsweredPrompt, b: AnsweredPrompt) => boolean | undefined | Promise<boolean | undefined>

/** An answer that is compared with several. */
export interface ComparedAnswer {
  readonly prompt: string
  readonly answer: JsonObject
  readonly content: AnswerContent
}

export function compared(api: Api, prompt: string, answer: JsonObject): ComparedAnswer {
  return { prompt, answer, content: contentOf(api, answer) }
}

/** By content, and where that cannot tell, by what the application says. */
export async function isSameAnswer(
  a: ComparedAnswer,
  b: ComparedAnswer,
  sameAnswer: SameAnswer | undefined,
): Promise<boolean | undefined> {
  const byContent = sameContent(a.content, b.content)
  if (byContent !== undefined || !sameAnswer) return byContent
  try {
    return await sameAnswer(asked(a), asked(b))
  } catch {
    return undefined
  }
}

function asked({ prompt, answer, content }: ComparedAnswer): AnsweredPrompt {
  return { prompt, text: content.text, answer }
}
