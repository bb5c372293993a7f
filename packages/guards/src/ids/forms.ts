import { dash, digit, kindAt, letter, space } from '../pii/characters.ts'

/** What a character of a form may be: `9` a digit, `A` a letter, a space or `-` one of their kinds, others themselves. */
const symbols = '9A -./()+'
/** A row of the table: the next node by symbol, then whether forms end here. */
const width = 16
const hasValues = 15

/** Written forms as a tree, in one table: a walk through it touches little memory. */
export class FormTree<Value> {
  #table = new Int16Array(width)
  readonly #values: Value[][] = [[]]

  add(form: string, value: Value): void {
    let node = 0
    for (const character of form) {
      const symbol = symbols.indexOf(character)
      if (symbol < 0) throw new RangeError(`A form cannot have "${character}".`)
      const next = this.#table[node * width + symbol] as number
      node = next > 0 ? next : this.#grow(node * width + symbol)
    }
    this.#values[node]?.push(value)
    this.#table[node * width + hasValues] = 1
  }

  #grow(edge: number): number {
    const node = this.#values.push([]) - 1
    const table = new Int16Array((node + 1) * width)
    table.set(this.#table)
    table[edge] = node
    this.#table = table
    return node
  }

  /** The node that fits the character at `index` after `node`, of which the first is 0; 0 for none. */
  next(node: number, text: string, index: number): number {
    const kind = kindAt(text, index)
    const symbol =
      kind === digit
        ? 0
        : kind === letter
          ? 1
          : kind === space
            ? 2
            : kind === dash
              ? 3
              : symbols.indexOf(text.charAt(index), 4)
    return symbol < 0 ? 0 : (this.#table[node * width + symbol] as number)
  }

  /** Whether a form ends with this node. */
  isForm(node: number): boolean {
    return this.#table[node * width + hasValues] === 1
  }

  /** What was added for the forms that end with it. */
  valuesOf(node: number): readonly Value[] {
    return this.#values[node] as Value[]
  }

  /** Whether a longer form begins with this one. */
  mayGrow(node: number): boolean {
    for (let symbol = 0; symbol < symbols.length; symbol += 1) if (this.#table[node * width + symbol] !== 0) return true
    return false
  }
}
