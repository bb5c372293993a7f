import { describe, expect, it } from 'vitest'
import { createPromptCache, type MeasuredBlock } from './prompt-cache.ts'

const tokens = (count: number, word = 'a'): string[] => Array.from({ length: count }, (_, i) => `${word}${i}`)

describe('the automatic cache', () => {
  const ask = (cache: ReturnType<typeof createPromptCache>, pieces: string[], nowMs = 0, scope = 'm'): number =>
    cache.automatic(scope, () => pieces, pieces.length, nowMs).read

  it('reads a repeated prefix in steps of 128 tokens from 1,024 on', () => {
    const cache = createPromptCache()
    expect(ask(cache, tokens(2000))).toBe(0)
    expect(ask(cache, tokens(2000))).toBe(1920)
    expect(ask(cache, [...tokens(1300), ...tokens(500, 'b')])).toBe(1280)
    expect(ask(cache, [...tokens(1000), ...tokens(500, 'b')])).toBe(0)
  })

  it('knows nothing of shorter prompts, other models and old prefixes', () => {
    const cache = createPromptCache()
    ask(cache, tokens(1023))
    expect(ask(cache, tokens(1023))).toBe(0)
    ask(cache, tokens(1100))
    expect(ask(cache, tokens(1100), 0, 'other')).toBe(0)
    expect(ask(cache, tokens(1100), 299_999)).toBe(1024)
    expect(ask(cache, tokens(1100), 600_000)).toBe(0)
  })

  it('never reads the last token', () => {
    const cache = createPromptCache()
    ask(cache, tokens(1024))
    expect(ask(cache, tokens(1024))).toBe(1023)
  })
})

describe('the explicit cache', () => {
  const block = (text: string, count: number, breakpoint?: '5m' | '1h'): MeasuredBlock => ({
    text,
    tokens: count,
    breakpoint,
  })

  it('writes at a mark and reads it again, also from a later mark', () => {
    const cache = createPromptCache()
    const first = [block('system', 1500, '5m'), block('one', 100)]
    expect(cache.explicit('m', first, 0)).toEqual({ read: 0, write5m: 1500, write1h: 0 })
    expect(cache.explicit('m', first, 1)).toEqual({ read: 1500, write5m: 0, write1h: 0 })
    const second = [block('system', 1500), block('one', 100), block('two', 200, '5m')]
    expect(cache.explicit('m', second, 2)).toEqual({ read: 1500, write5m: 300, write1h: 0 })
  })

  it('keeps the lifetimes apart, renewed by use', () => {
    const cache = createPromptCache()
    const blocks = [block('tools', 2000, '1h'), block('system', 1000, '5m')]
    expect(cache.explicit('m', blocks, 0)).toEqual({ read: 0, write5m: 1000, write1h: 2000 })
    expect(cache.explicit('m', blocks, 250_000).read).toBe(3000)
    expect(cache.explicit('m', blocks, 500_000).read).toBe(3000)
    expect(cache.explicit('m', blocks, 900_000)).toEqual({ read: 2000, write5m: 1000, write1h: 0 })
  })

  it('ignores short prefixes, a fifth mark, and what lies too far back', () => {
    const cache = createPromptCache()
    expect(cache.explicit('m', [block('short', 1000, '5m')], 0).write5m).toBe(0)
    const five = Array.from({ length: 5 }, (_, i) => block(`b${i}`, 2000, '5m'))
    expect(cache.explicit('m', five, 0).write5m).toBe(8000)
    const far = [block('head', 2000, '5m')]
    cache.explicit('m', far, 0)
    const middle = Array.from({ length: 20 }, (_, i) => block(`m${i}`, 10))
    expect(cache.explicit('m', [block('head', 2000), ...middle, block('end', 10, '5m')], 1).read).toBe(0)
    expect(cache.explicit('m', [block('head', 2000), ...middle.slice(2), block('end', 10, '5m')], 1).read).toBe(2000)
  })

  it('forgets everything on clear', () => {
    const cache = createPromptCache()
    cache.explicit('m', [block('system', 1500, '5m')], 0)
    cache.clear()
    expect(cache.explicit('m', [block('system', 1500, '5m')], 0).read).toBe(0)
  })
})
