// Writes docs/errors.md from the source, or with --check fails when it is out of date.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { files, root } from './workspace.ts'

/** What the source says of one error code. */
interface Code {
  readonly packages: Set<string>
  readonly messages: Set<string>
  status: string
}

const target = join(root, 'docs', 'errors.md')
const found = new Map<string, Code>()

function note(code: string, path: string, message: ts.Expression | undefined, status?: ts.Expression): void {
  const entry = found.get(code) ?? { packages: new Set(), messages: new Set(), status: '400' }
  entry.packages.add(`@sluice/${path.split('/')[1]}`)
  const text = message && textOf(message)
  if (text) entry.messages.add(text)
  if (status) entry.status = ts.isNumericLiteral(status) ? status.text : 'varies'
  found.set(code, entry)
}

/** The text of a message with `…` for what is filled in; `undefined` for one that is made elsewhere. */
function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join('')
  if (!ts.isBinaryExpression(node)) return undefined
  const [left, right] = [textOf(node.left), textOf(node.right)]
  return left === undefined && right === undefined ? undefined : `${left ?? '…'}${right ?? '…'}`
}

function field(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const property = object.properties.find((entry) => entry.name?.getText() === name)
  if (property && ts.isShorthandPropertyAssignment(property)) return property.name
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined
}

function visit(node: ts.Node, path: string): void {
  if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.arguments) {
    const [first, second] = node.arguments
    const callee = node.expression.getText()
    if (callee === 'configError' && first && ts.isStringLiteral(first)) note(`config.${first.text}`, path, second)
    if ((callee.endsWith('Error') || callee === 'super') && first && ts.isObjectLiteralExpression(first)) {
      const code = field(first, 'code')
      if (code && ts.isStringLiteral(code)) note(code.text, path, field(first, 'message'), field(first, 'status'))
    }
  }
  ts.forEachChild(node, (child) => visit(child, path))
}

const isSource = (path: string): boolean =>
  path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('/testing/')
for (const path of files('packages', (name) => /^packages\/\w+\/src\//.test(name) && isSource(name))) {
  const text = readFileSync(join(root, path), 'utf8')
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true), path)
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
const rows = [...found]
  .toSorted(([a], [b]) => a.localeCompare(b))
  .map(([code, { packages, messages, status }]) => {
    const says =
      [...messages].map(cell).join('<br>') ||
      'the message of the error behind it, or one that names the value and the fix'
    return `| \`${code}\` | ${[...packages].join(', ')} | ${code.startsWith('config.') ? 'thrown' : status} | ${says} |`
  })
const page = `# Errors

Every error that Sluice raises is a \`SluiceError\` with a \`code\`, a \`message\` that says what to do, and \`details\`. Errors of
construction (\`config.*\`) are thrown as they are. Errors of a call leave as the HTTP error of the dialect, with the status
below, so that your SDK makes its own typed error of them and does not retry; \`sluiceErrorOf(error)\` gives the original
back. No message, detail or log holds a prompt, an answer, a secret or personal data.

This page is generated from the source: \`npm run docs:errors\`.

| code | package | status | message |
| --- | --- | --- | --- |
${rows.join('\n')}
`

if (!process.argv.includes('--check')) writeFileSync(target, page)
else if (readFileSync(target, 'utf8') !== page) {
  console.error('docs/errors.md is out of date: npm run docs:errors')
  process.exitCode = 1
}
console.log(`${found.size} codes`)
