import { describe, expect, it } from 'vitest'
import { checkLinks } from './links.ts'

describe('links', () => {
  it('may lead to files, folders and headings', () => {
    const text = '# One `two`: three\n[a](LICENSE) [b](tooling/docs) [c](#one-two-three) [d](https://example.com/x)'
    expect(checkLinks('x.md', text)).toEqual({ links: 3, problems: [] })
  })

  it('that lead nowhere are named with their line', () => {
    const text = '# One\n\n[a](nowhere.md) and [b](#two)\n![c](../tooling/none.png)'
    expect(checkLinks('docs/x.md', text).problems).toEqual([
      'docs/x.md:3 links to docs/nowhere.md, which does not exist',
      'docs/x.md:3 links to #two: no such heading',
      'docs/x.md:4 links to tooling/none.png, which does not exist',
    ])
  })

  it('in code are none', () => {
    expect(checkLinks('x.md', '`[a](nowhere)`\n```md\n[b](nowhere)\n```')).toEqual({ links: 0, problems: [] })
  })
})
