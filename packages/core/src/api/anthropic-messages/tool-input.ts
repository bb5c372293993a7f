import { isObject } from '../../json.ts'

/** A tool's input as compact JSON text; `''` for one without arguments. */
export function inputText(input: unknown): string {
  if (typeof input === 'string') return input
  if (input === undefined || input === null || (isObject(input) && Object.keys(input).length === 0)) return ''
  return JSON.stringify(input)
}

/**
 * The input that JSON text spells. Text that is not JSON, because a stream was cut in it or a middleware wrote it,
 * stays text: the provider and every typed consumer refuse a string there, so it cannot be taken for arguments.
 */
export function inputOf(text: string): unknown {
  try {
    const input: unknown = JSON.parse(text)
    // A string would be read as text that is not JSON.
    return typeof input === 'string' ? text : input
  } catch {
    return text
  }
}

/** The input with its text rewritten; the same input when the text stays. */
export function editInput(input: unknown, edit: (text: string) => string): unknown {
  const text = inputText(input)
  const edited = text === '' ? text : edit(text)
  return edited === text ? input : inputOf(edited)
}
