/** A TypeScript example in a document or a docstring. */
export interface Block {
  /** Relative to the repository. */
  readonly path: string
  /** Line of the code's first line in that file, from 1. */
  readonly line: number
  readonly code: string
  /** A docstring names what it documents without importing it; a document shows the whole program. */
  readonly kind: 'document' | 'docstring'
}

export interface Found {
  readonly blocks: readonly Block[]
  /** How many are marked `no-check`. */
  readonly unchecked: number
}

const fence = /^( *)```(\S*)(.*)\n([\s\S]*?)^ *```/gm

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

function fenced(path: string, text: string, firstLine: number, kind: Block['kind']): Found {
  const blocks: Block[] = []
  let unchecked = 0
  for (const { 1: indent = '', 2: language, 3: info = '', 4: code = '', index } of text.matchAll(fence)) {
    if (language !== 'ts' && language !== 'typescript') continue
    if (info.includes('no-check')) {
      unchecked += 1
      continue
    }
    const flush = indent === '' ? code : code.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
    blocks.push({ path, line: firstLine + lineOf(text, index), code: flush, kind })
  }
  return { blocks, unchecked }
}

/** The ```` ```ts ```` blocks of a Markdown file. */
export function blocksOfDocument(path: string, text: string): Found {
  return fenced(path, text, 1, 'document')
}

/** The `@example`s of a source file: the fenced blocks in them, or all of their text where there is no fence. */
export function blocksOfDocstrings(path: string, text: string): Found {
  const blocks: Block[] = []
  let unchecked = 0
  for (const { 0: comment, index } of text.matchAll(/^ *\/\*\*(?:(?!\*\/)[\s\S])*@example[\s\S]*?\*\//gm)) {
    const lines = comment.split('\n').map((line) => line.replace(/^ *\*(?:\/$| ?)/, '').replace(/ *\*\/$/, ''))
    for (const [start, line] of lines.entries()) {
      if (!line.startsWith('@example')) continue
      const length = lines.slice(start + 1).findIndex((next) => /^@[a-z]/i.test(next))
      const body = lines.slice(start, length === -1 ? undefined : start + 1 + length)
      const code = [line.slice('@example'.length), ...body.slice(1)].join('\n')
      const firstLine = lineOf(text, index) + start
      if (code.includes('```')) {
        const found = fenced(path, code, firstLine, 'docstring')
        blocks.push(...found.blocks)
        unchecked += found.unchecked
      } else blocks.push({ path, line: firstLine, code, kind: 'docstring' })
    }
  }
  return { blocks, unchecked }
}
