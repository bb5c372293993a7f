/** What every caller asks. */
export const prompt =
  'Say in exactly sixty words why software that talks to a model should keep a second model at hand.'

/**
 * What every healthy model answers: sixty words, so that an answer that lacks a word, or has one twice, is known as such.
 */
export const answer: string =
  'A model that answers today may be silent tomorrow, because the machines behind it are shared, busy and sometimes ' +
  'broken. Callers rarely learn why. What they notice is a page that waits, a sentence that stops halfway, or a bill ' +
  'for nothing. Whoever keeps a second model at hand, asks it early, and checks every word twice, loses almost nothing.'

export const words: readonly string[] = answer.split(' ')

/** The one tool that models call, and what they call it with. */
export const toolCall = { id: 'call_0', name: 'look_up', arguments: '{"city":"Oslo","unit":"celsius"}' } as const

/** The JSON that models answer with where a schema asks for it. */
export const structured = '{"city":"Oslo","degrees":7}'

/** Whether a text is the answer, white space aside. */
export function isAnswer(text: string): boolean {
  return plain(text) === answer
}

export function wordCount(text: string): number {
  const bare = plain(text)
  return bare === '' ? 0 : bare.split(' ').length
}

function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
