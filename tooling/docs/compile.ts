import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { packages, root } from '../workspace.ts'
import type { Block } from './blocks.ts'

// Examples compile as if they were files of this folder, which depends on the SDKs and on every package.
const folder = join(root, 'examples')
/** What an example may import beyond that: its own package's dependencies, and the SDKs that bench compares with. */
const fallbacks = [join(root, 'packages', 'core'), join(root, 'bench'), root]

const wellKnown: Readonly<Record<string, string>> = {
  OpenAI: "import OpenAI from 'openai'",
  Anthropic: "import Anthropic from '@anthropic-ai/sdk'",
  z: "import { z } from 'zod'",
  ...Object.fromEntries(['describe', 'expect', 'it'].map((name) => [name, `import { ${name} } from 'vitest'`])),
  createOpenAI: "import { createOpenAI } from '@ai-sdk/openai'",
  openai: "declare const openai: import('openai').OpenAI",
  anthropic: "declare const anthropic: import('@anthropic-ai/sdk').Anthropic",
  client: "declare const client: import('openai').OpenAI",
  params: "declare const params: import('openai').OpenAI.ChatCompletionCreateParamsNonStreaming",
}

/** A docstring's example may be the body of a function. */
const returnOutsideFunction = 1108
const cannotFindName = new Set([2304, 2552, 2503])

interface Problem {
  readonly block: Block
  /** Line in the block's file. */
  readonly line: number
  readonly message: string
  readonly code: number
  /** The text that the compiler points at. */
  readonly at: string
}

class Compiler {
  readonly #options: ts.CompilerOptions
  readonly #texts = new Map<string, string>()
  readonly #sources = new Map<string, ts.SourceFile | undefined>()
  readonly #host: ts.CompilerHost
  #program: ts.Program | undefined

  constructor() {
    const config = ts.getParsedCommandLineOfConfigFile(
      join(root, 'tsconfig.json'),
      {},
      {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
          throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))
        },
      },
    )
    // An example may declare what it does not use and export without a written type.
    const looser = { isolatedDeclarations: false, declaration: false, noUnusedLocals: false, noUnusedParameters: false }
    this.#options = { ...config?.options, ...looser, noEmit: true }
    this.#host = this.#createHost()
  }

  #createHost(): ts.CompilerHost {
    const host = ts.createCompilerHost(this.#options)
    const cache = ts.createModuleResolutionCache(root, (name) => name, this.#options)
    const { fileExists, readFile, getSourceFile } = host
    host.fileExists = (name) => this.#texts.has(name) || fileExists.call(host, name)
    host.readFile = (name) => this.#texts.get(name) ?? readFile.call(host, name)
    host.getSourceFile = (name, options, ...rest) => {
      const text = this.#texts.get(name)
      if (text !== undefined) return ts.createSourceFile(name, text, options)
      // Parsed once for both passes: nearly all the time goes into the SDKs' declarations.
      if (!this.#sources.has(name)) this.#sources.set(name, getSourceFile.call(host, name, options, ...rest))
      return this.#sources.get(name)
    }
    host.resolveModuleNameLiterals = (literals, file, redirected, options, source) =>
      literals.map((literal) => {
        const mode = ts.getModeForUsageLocation(source, literal, options)
        const from = this.#texts.has(file) ? [folder, ...fallbacks].map((base) => join(base, 'example.ts')) : [file]
        let resolved = ts.resolveModuleName(literal.text, from[0]!, options, host, cache, redirected, mode)
        for (const next of from.slice(1)) {
          if (resolved.resolvedModule !== undefined) break
          resolved = ts.resolveModuleName(literal.text, next, options, host, cache, redirected, mode)
        }
        return resolved
      })
    return host
  }

  compile(blocks: readonly Block[], suffix: readonly string[], extra: readonly string[]): Problem[] {
    this.#texts.clear()
    const names = blocks.map((_, index) => join(folder, `example-${index}.ts`))
    // What is added stands last, so that the lines of the example stay what they are; imports may.
    for (const [index, { code }] of blocks.entries())
      this.#texts.set(names[index]!, `${code}\n${suffix[index]}\nexport {}\n`)
    const program = ts.createProgram({
      rootNames: [...names, ...extra],
      options: this.#options,
      host: this.#host,
      ...(this.#program === undefined ? {} : { oldProgram: this.#program }),
    })
    this.#program = program
    return names.flatMap((name, index) => {
      const file = program.getSourceFile(name)!
      const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      return found.map(({ start = 0, length = 0, messageText, code }) => ({
        block: blocks[index]!,
        line: blocks[index]!.line + file.getLineAndCharacterOfPosition(start).line,
        message: ts.flattenDiagnosticMessageText(messageText, '\n'),
        code,
        at: file.text.slice(start, start + length),
      }))
    })
  }

  /** The names that a module exports, each with how an import lists it: types as `type Name`. */
  exportsOf(file: string): Map<string, string> {
    const source = this.#program?.getSourceFile(file)
    const checker = this.#program?.getTypeChecker()
    const symbol = source && checker?.getSymbolAtLocation(source)
    const found = new Map<string, string>()
    for (const one of symbol ? checker!.getExportsOfModule(symbol) : []) {
      const target = one.flags & ts.SymbolFlags.Alias ? checker!.getAliasedSymbol(one) : one
      found.set(one.name, target.flags & ts.SymbolFlags.Value ? one.name : `type ${one.name}`)
    }
    return found
  }
}

interface Entry {
  readonly specifier: string
  readonly file: string
  readonly folder: string
}

/** What the packages offer, each with its source file. */
function entries(): Entry[] {
  return packages().flatMap(({ name, folder: home, sources }) =>
    Object.entries(sources)
      .map(([subpath, source]) => ({ specifier: name + subpath.slice(1), file: join(home, source), folder: home }))
      .filter(({ file }) => existsSync(file)),
  )
}

type Exports = ReadonlyMap<Entry, ReadonlyMap<string, string>>

/** What makes a name known that a docstring uses without importing it. */
function introduce(name: string, block: Block, known: Exports): string {
  const offers = [...known.keys()].filter((entry) => known.get(entry)?.has(name))
  const entry = offers.find(({ folder: own }) => join(root, block.path).startsWith(own)) ?? offers[0]
  if (entry !== undefined) return `import { ${known.get(entry)?.get(name)} } from '${entry.specifier}'`
  if (wellKnown[name] !== undefined) return wellKnown[name]
  // A value of the reader's own, such as `latenciesMs`. What is called is ours, and has to exist.
  const isValue = /^[a-z]/.test(name) && !new RegExp(`\\b${name}\\s*[(<]`).test(block.code)
  return isValue ? `declare const ${name}: any` : ''
}

/**
 * Type-checks examples against the packages' sources. In a docstring, names that a package exports and a few that
 * everybody knows (`OpenAI`, `openai`, `z`…) need no import, and values of the reader's own need no declaration.
 * @returns one line for each problem: `path:line message`.
 */
export function compileBlocks(blocks: readonly Block[]): string[] {
  if (blocks.length === 0) return []
  const compiler = new Compiler()
  const offered = entries()
  const files = offered.map(({ file }) => file)
  let suffix: string[] = blocks.map(() => '')
  let problems = compiler.compile(blocks, suffix, files)

  const known = new Map(offered.map((entry) => [entry, compiler.exportsOf(entry.file)] as const))
  suffix = blocks.map((block) => {
    if (block.kind === 'document') return ''
    const missing = problems.filter((problem) => problem.block === block && cannotFindName.has(problem.code))
    const names = new Set(missing.map(({ at }) => at))
    return [...names].map((name) => introduce(name, block, known)).join('\n')
  })
  if (suffix.some((text) => text !== '')) problems = compiler.compile(blocks, suffix, files)
  return problems
    .filter(({ block, code }) => block.kind === 'document' || code !== returnOutsideFunction)
    .map(({ block, line, message }) => `${block.path}:${line} ${message}`)
}
