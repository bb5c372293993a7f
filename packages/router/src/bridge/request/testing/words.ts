import fc from 'fast-check'

const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz')

/** A word that hardly comes twice, so that a law can tell where it went. */
export const word: fc.Arbitrary<string> = fc.string({ unit: letters, minLength: 10, maxLength: 10 })

/** Words with all that JSON must escape. */
export const text: fc.Arbitrary<string> = fc
  .tuple(word, fc.constantFrom('', ' "quoted" \\', ' ünïcødé 👩‍🚒', ' line\nbreak', ' {"a":1}'), word)
  .map((parts) => parts.join(''))

/** Bytes in base64. */
export const base64: fc.Arbitrary<string> = fc
  .uint8Array({ minLength: 6, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString('base64'))

export const imageType: fc.Arbitrary<'image/png' | 'image/webp'> = fc.constantFrom('image/png', 'image/webp')
export const dataImage: fc.Arbitrary<string> = fc
  .tuple(imageType, base64)
  .map(([type, data]) => `data:${type};base64,${data}`)
export const dataPdf: fc.Arbitrary<string> = base64.map((data) => `data:application/pdf;base64,${data}`)
export const webUrl: fc.Arbitrary<string> = word.map((name) => `https://example.com/${name}.png`)

/** Arguments of a call. */
export const args: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(
  word,
  fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 2 })),
  { maxKeys: 3, noNullPrototype: true },
)

/** Arguments as a model writes them. */
export const argsText: fc.Arbitrary<string> = fc
  .tuple(args, fc.constantFrom(undefined, 1))
  .map(([value, indent]) => JSON.stringify(value, null, indent))

export interface Schema {
  readonly [keyword: string]: unknown
  readonly type: 'object'
}

/** A schema that every dialect takes. */
export const schema: fc.Arbitrary<Schema> = fc
  .dictionary(
    word,
    fc.record(
      { type: fc.constantFrom('string', 'integer', 'boolean'), description: text },
      { requiredKeys: ['type'], noNullPrototype: true },
    ),
    { minKeys: 1, maxKeys: 3, noNullPrototype: true },
  )
  .map((properties) => ({
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  }))

/** A metadata map. */
export const metadata: fc.Arbitrary<Record<string, string>> = fc.dictionary(word, word, {
  maxKeys: 2,
  noNullPrototype: true,
})

/** Some fields of a record, whichever. */
export function some<T extends object>(fields: {
  readonly [K in keyof T]?: fc.Arbitrary<T[K]>
}): fc.Arbitrary<Partial<T>> {
  return fc.record(fields as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: [],
    noNullPrototype: true,
  }) as unknown as fc.Arbitrary<Partial<T>>
}
