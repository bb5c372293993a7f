import { JsonView } from './json-view.ts'
import { PlainView, type View } from './view.ts'

/** How a text is to be read by its first character that is no space; `undefined` while there is none. */
export function openView(text: string): View | undefined {
  const [first] = text.trimStart()
  if (first === undefined) return undefined
  return first === '{' || first === '[' || first === '"' ? new JsonView() : new PlainView()
}

/** A view over a whole text: arguments of a tool are read as JSON, and so is what may be JSON where it is. */
export function wholeView(text: string, kind: 'text' | 'arguments' | 'any'): View {
  const isJson = kind === 'arguments' || (kind === 'any' && isJsonText(text))
  const view = (isJson && openView(text)) || new PlainView()
  view.push(text)
  view.finish()
  return view
}

/** Whether a text is a JSON object or list. */
export function isJsonText(text: string): boolean {
  // Without an escape it reads the same either way, but for what is put in place of a number.
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * Whether what a model wrote for a tool is plain text and no JSON, by its place in a request: it is where the tool is a custom
 * one or built in.
 */
export function isFreeForm(path: readonly (string | number)[]): boolean {
  const field = path.at(-1)
  // Anthropic's tools take an object as their input.
  return field !== 'arguments' && !(field === 'input' && path[0] === 'messages' && path.at(-2) !== 'custom')
}
