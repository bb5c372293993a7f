import { dash, digit, kindAt, letter, space } from '../pii/characters.ts'

/** A tree of written forms: `9` stands for a digit, `A` for a letter, a space or `-` for their kinds, others for themselves. */
export class FormTree<Value> {
  readonly values: Value[] = []
  readonly #next = new Map<string, FormTree<Value>>()

  add(form: string, value: Value): void {
    const [symbol] = form
    if (symbol === undefined) {
      this.values.push(value)
      return
    }
    let next = this.#next.get(symbol)
    if (next === undefined) this.#next.set(symbol, (next = new FormTree()))
    next.add(form.slice(symbol.length), value)
  }

  /** The part of the tree that fits the character at `index`. */
  at(text: string, index: number): FormTree<Value> | undefined {
    const kind = kindAt(text, index)
    const symbol =
      kind === digit ? '9' : kind === letter ? 'A' : kind === space ? ' ' : kind === dash ? '-' : text.charAt(index)
    return this.#next.get(symbol)
  }

  /** Whether a longer form begins with this one. */
  get mayGrow(): boolean {
    return this.#next.size > 0
  }
}
