import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { defaultEntities } from './entities.ts'
import { pii } from './pii.ts'
import { growth } from '../testing/growth.ts'
import { patternStatus } from '../testing/pattern-status.ts'
import { spansOf } from './fixtures/stream.ts'

const root = join(import.meta.dirname, '..')
const files = ['pii', 'ids', '.'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts') && !name.includes('.test.'))
    .filter((name) => folder !== '.' || name === 'context-words.ts' || name === 'fingerprint.ts')
    .map((name) => join(folder, name)),
)

/** Every regular expression of the detector: the literals as they stand, the composed ones as they are made. */
function patterns(): { file: string; source: string; flags: string }[] {
  return files.flatMap((file) => {
    const found: { file: string; source: string; flags: string }[] = []
    const tree = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest)
    const constants = new Map<string, string>()
    const valueOf = (node: ts.Node): string => {
      if (ts.isStringLiteralLike(node)) return node.text
      if (ts.isIdentifier(node)) return constants.get(node.text) ?? expect.fail(`${node.text} is not known in ${file}`)
      if (ts.isBinaryExpression(node)) return valueOf(node.left) + valueOf(node.right)
      if (ts.isTemplateExpression(node))
        return (
          node.head.text +
          node.templateSpans.map(({ expression, literal }) => valueOf(expression) + literal.text).join('')
        )
      return expect.fail(`A pattern of ${file} is composed of something else`)
    }
    const visit = (node: ts.Node): void => {
      if (
        ts.isVariableDeclaration(node) &&
        ts.isIdentifier(node.name) &&
        node.initializer &&
        ts.isStringLiteralLike(node.initializer)
      )
        constants.set(node.name.text, node.initializer.text)
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/')
        found.push({ file, source: node.text.slice(1, end), flags: node.text.slice(end + 1) })
      }
      if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'RegExp') {
        const [source, flags] = node.arguments ?? []
        if (source) found.push({ file, source: valueOf(source), flags: flags ? valueOf(flags) : '' })
      }
      ts.forEachChild(node, visit)
    }
    visit(tree)
    return found
  })
}

describe('every regular expression', () => {
  it.each(patterns())('of $file is safe: $source', ({ source, flags }) => {
    // Where a pattern is made to begin does not matter to the time that it takes.
    expect(patternStatus(source, flags.replace('y', ''))).toBe('safe')
  })

  it('is looked at, those that are composed too', () => {
    expect(patterns().length).toBeGreaterThan(40)
    expect(patterns().some(({ source }) => source.includes("\\p{Nd}._%+'-]"))).toBe(true)
  })
})

const detector = pii({ entities: [...defaultEntities, 'url'] })

describe('a long text of', () => {
  const symbols = [
    'a',
    '1',
    ' ',
    '@',
    'a@',
    'a@a-',
    'a@b.co@',
    "a'",
    '1 ',
    '41 ',
    '1-',
    '(1',
    '+1 ',
    '1.1.',
    '1:',
    '::',
    'a://',
    'é1',
    '\u{1f600}1',
  ]
  const values = [
    'DE12 ',
    'www.',
    '4111 1111 1111 1111 ',
    '123-45-',
    '123 456 789 ',
    'phone 1 2 3 ',
    'AB 12 34 56 ',
    '12 Mar ',
    '001 ',
    'aa:bb:',
  ]

  it.each([...symbols, ...values])('%j takes about twice as long where it is twice as long', (part) => {
    expect(growth((text) => spansOf(detector, text), part, 2 ** 15)).toBeLessThan(3)
  })
})
