/** Where a value is in a native request or answer: `['messages', 3, 'content', 1]`. */
export type Path = readonly (string | number)[]

/** Something that a translation between dialects could not carry, or could not carry as it was. */
export interface Loss {
  /** Where it is in what was translated: `logit_bias`, `messages[3].content[1]`. Covers everything below it; empty: all of it. */
  readonly path: string
  /** What became of it and why, in a sentence a developer can act on. Holds no content of the request. */
  readonly reason: string
  /** It arrives, but with another value, in another shape or in another place. Otherwise it was left out. */
  readonly changed?: true
  /**
   * Without it the translation does not stand for the original: part of the conversation lives at the provider (an
   * earlier response, a stored file or prompt), or the caller forbade what the other provider would do.
   */
  readonly fatal?: true
}

const plainKey = /^[A-Za-z_$][\w$]*$/

/** A path as a developer writes it: `tools[0].function.strict`; odd names in brackets: `metadata["a b"]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    if (!plainKey.test(key)) return `${text}[${JSON.stringify(key)}]`
    return text === '' ? key : `${text}.${key}`
  }, '')
}

/** Gathers the losses of one translation. */
export class Losses {
  readonly list: Loss[] = []

  /** Notes something left out. */
  drop(path: Path, reason: string): void {
    this.list.push({ path: pathText(path), reason })
  }

  /** Notes something that arrives changed. */
  change(path: Path, reason: string): void {
    this.list.push({ path: pathText(path), reason, changed: true })
  }

  /** Notes something left out without which the translation does not stand for the original. */
  fatal(path: Path, reason: string): void {
    this.list.push({ path: pathText(path), reason, fatal: true })
  }
}
