import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root } from '../workspace.ts'

const link = /!?\[[^\]]*\]\(\s*<?([^\s)>]+)>?[^)]*\)/g

/** Code is blanked, not cut, so that offsets still tell the line. */
function withoutCode(text: string): string {
  const blank = (match: string): string => match.replaceAll(/[^\n]/g, ' ')
  return text.replaceAll(/^ *```[\s\S]*?^ *```/gm, blank).replaceAll(/`[^`\n]*`/g, blank)
}

/** Anchors as GitHub makes them from headings. */
function anchors(text: string): Set<string> {
  const found = new Set<string>()
  for (const [, heading = ''] of text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/^#{1,6} +(.+?)\s*#*$/gm)) {
    const slug = heading
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    let unique = slug
    for (let n = 1; found.has(unique); n += 1) unique = `${slug}-${n}`
    found.add(unique)
  }
  return found
}

/** How many relative links a Markdown file has, and `path:line` of each that leads nowhere. */
export function checkLinks(path: string, text: string): { links: number; problems: string[] } {
  const problems: string[] = []
  let links = 0
  const plain = withoutCode(text)
  for (const { 1: href = '', index } of plain.matchAll(link)) {
    if (/^[a-z][a-z\d+.-]*:/i.test(href) || href.startsWith('//')) continue
    links += 1
    const [file = '', anchor] = decodeURI(href).split('#')
    const target = join(root, dirname(path), file)
    const where = `${path}:${plain.slice(0, index).split('\n').length}`
    if (file !== '' && !existsSync(target))
      problems.push(`${where} links to ${relative(root, target)}, which does not exist`)
    else if (anchor && (file === '' || target.endsWith('.md'))) {
      const there = file === '' ? text : readFileSync(target, 'utf8')
      if (!anchors(there).has(anchor)) problems.push(`${where} links to ${href}: no such heading`)
    }
  }
  return { links, problems }
}
