/** One line of a file, or one item of a JSON array. */
export interface LogLine {
  /** From 1. */
  readonly number: number
  /** What it holds; `undefined` where that is no JSON. */
  readonly value: unknown
}

/** A file that cannot be read as a log. Its message is for whoever called. */
export class UnreadableLog extends Error {}

/** A line is held in memory as a whole, and so is a JSON array. */
const longest = 256 * 1024 * 1024

/**
 * Reads JSON lines from a stream, one after the other, so that a file can be of any length; empty lines are left out. A file that
 * is one JSON array is read as a whole, its items as lines.
 *
 * @throws {UnreadableLog} for a line or an array that is too long, and for an array that does not end.
 */
export async function* logLines(chunks: AsyncIterable<string>): AsyncGenerator<LogLine> {
  let number = 0
  /** Where the file begins like an array: all of it, until a second line shows that it is none. */
  let array: string | undefined
  for await (const raw of rawLines(chunks)) {
    number += 1
    const line = number === 1 ? raw.replace(/^\ufeff/, '') : raw
    if (array !== undefined) {
      array += `\n${line}`
      if (array.length > longest) throw tooLong('An array')
      continue
    }
    if (line.trim() === '') continue
    const value = parsed(line)
    if (number === 1 && line.trimStart().startsWith('[') && (value === undefined || isRows(value))) array = line
    else yield { number, value }
  }
  if (array === undefined) return
  const items = parsed(array)
  if (!Array.isArray(items))
    throw new UnreadableLog(
      'It begins like a JSON array and is none. Write one JSON object a line: jq -c ".[]" log.json.',
    )
  for (const [index, value] of items.entries()) yield { number: index + 1, value }
}

/** An array of rows; one of messages is a row by itself. */
function isRows(value: unknown): boolean {
  return Array.isArray(value) && !value.every((each) => typeof each?.role === 'string')
}

async function* rawLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  /** The line so far, in pieces: to put it together for every chunk would take ever longer. */
  let pieces: string[] = []
  let length = 0
  for await (const chunk of chunks) {
    const [first = '', ...lines] = chunk.split('\n')
    pieces.push(first)
    length += first.length
    if (length > longest) throw tooLong('A line')
    for (const line of lines) {
      yield pieces.join('')
      pieces = [line]
      length = line.length
    }
  }
  yield pieces.join('')
}

function tooLong(what: string): UnreadableLog {
  return new UnreadableLog(
    `${what} is longer than ${longest / 1024 / 1024} MB. Write one JSON object a line: jq -c ".[]" log.json.`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
