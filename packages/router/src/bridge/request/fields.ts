import type { JsonObject } from '@sluice/core'
import type { Losses, Path } from '../lossy.ts'

/** True for a JSON object: not `null`, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Reads a native object field by field and remembers which fields were read, so that {@link Fields.close} can name all
 * others: a field that nobody thought of is never lost in silence. A known field that is `null` counts as absent, as the
 * providers take it. One of the wrong type is named and read as absent.
 */
export class Fields {
  readonly path: Path
  readonly losses: Losses
  readonly #object: JsonObject
  readonly #read = new Set<string>()

  constructor(object: JsonObject, path: Path, losses: Losses) {
    this.#object = object
    this.path = path
    this.losses = losses
  }

  /** The place of a field. */
  at(name: string, ...more: (string | number)[]): Path {
    return [...this.path, name, ...more]
  }

  take(name: string): unknown {
    this.#read.add(name)
    return this.#object[name] ?? undefined
  }

  text(name: string): string | undefined {
    const value = this.take(name)
    return typeof value === 'string' ? value : this.#misfit(name, value, 'a string')
  }

  number(name: string): number | undefined {
    const value = this.take(name)
    return typeof value === 'number' ? value : this.#misfit(name, value, 'a number')
  }

  flag(name: string): boolean | undefined {
    const value = this.take(name)
    return typeof value === 'boolean' ? value : this.#misfit(name, value, 'true or false')
  }

  list(name: string): readonly unknown[] | undefined {
    const value = this.take(name)
    return Array.isArray(value) ? value : this.#misfit(name, value, 'a list')
  }

  /** An object as data, whose fields are carried as they are: a schema, metadata. */
  data(name: string): JsonObject | undefined {
    const value = this.take(name)
    return isObject(value) ? value : this.#misfit(name, value, 'an object')
  }

  /** An object to read field by field. */
  object(name: string): Fields | undefined {
    const value = this.data(name)
    return value && new Fields(value, this.at(name), this.losses)
  }

  /** The objects of a list, each to read field by field; members that are none are named. */
  objects(name: string): Fields[] {
    return (this.list(name) ?? []).flatMap((value, index) => this.member(value, this.at(name, index)))
  }

  /** A member of a list, to read field by field. */
  member(value: unknown, path: Path): Fields[] {
    if (isObject(value)) return [new Fields(value, path, this.losses)]
    this.losses.drop(path, 'Left out: it is not an object.')
    return []
  }

  /** Names a field as left out, unless it is absent or one of the values that ask for nothing. */
  drop(name: string, reason: string, ...harmless: readonly unknown[]): void {
    const value = this.take(name)
    if (value !== undefined && !harmless.includes(value)) this.losses.drop(this.at(name), reason)
  }

  /** As {@link Fields.drop}, for what the translation cannot stand without. */
  refuse(name: string, reason: string, ...harmless: readonly unknown[]): void {
    const value = this.take(name)
    if (value !== undefined && !harmless.includes(value)) this.losses.fatal(this.at(name), reason)
  }

  /** Names every field that was not read. */
  close(): void {
    for (const name of Object.keys(this.#object)) {
      if (this.#read.has(name) || this.#object[name] === undefined) continue
      this.losses.drop(this.at(name), 'Left out: the bridge does not know this field.')
    }
  }

  #misfit(name: string, value: unknown, wanted: string): undefined {
    if (value !== undefined) this.losses.drop(this.at(name), `Left out: it is not ${wanted}.`)
    return undefined
  }
}
