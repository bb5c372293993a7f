import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFrame } from './frame.ts'
import { SseSplitter } from './splitter.ts'

function framesOf(chunks: readonly Uint8Array[]): string[] {
  const splitter = new SseSplitter()
  const frames: string[] = []
  for (const chunk of chunks) splitter.push(chunk, (frame) => frames.push(frame.toString()))
  const last = splitter.flush()
  if (last) frames.push(last.toString())
  return frames
}

function cut(text: string, at: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text)
  const points = [...new Set(at.map((point) => point % (bytes.length + 1)))].toSorted((a, b) => a - b)
  return [...points, bytes.length].map((end, index) => bytes.subarray(points[index - 1] ?? 0, end))
}

const dataOf = (frames: readonly string[]): (string | undefined)[] =>
  frames.map((frame) => parseFrame(Buffer.from(frame)).data).filter((data) => data !== undefined)

describe('SseSplitter', () => {
  it('ends a frame at a blank line, whatever the line ends are', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = `data: 1${end}${end}: ping${end}${end}event: x${end}data: 2${end}data: 3${end}${end}`
      expect(dataOf(framesOf([Buffer.from(text)]))).toEqual(['1', '2\n3'])
    }
  })

  it('gives the same data for every cut of the bytes, and loses no byte', () => {
    const line = fc.constantFrom(
      'data: {"a":"é😀漢"}',
      'data:{}',
      ': comment',
      'event: delta',
      'id: 7',
      'data: [DONE]',
      'data',
    )
    const end = fc.constantFrom('\n', '\r\n', '\r')
    const frame = fc.tuple(fc.array(fc.tuple(line, end), { minLength: 1, maxLength: 4 }), end)
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 40 }), end, (frames, at, tail) => {
        const text =
          frames.map(([lines, last]) => lines.map(([a, b]) => a + b).join('') + last).join('') + `data: end${tail}`
        const whole = framesOf([Buffer.from(text)])
        const pieces = framesOf(cut(text, at))
        expect(dataOf(pieces)).toEqual(dataOf(whole))
        expect(pieces.join('')).toBe(text)
      }),
    )
  })

  it('cuts at every single byte alike', () => {
    const text = 'event: a\r\ndata: {"t":"Grüße 😀"}\r\n\r\ndata: x\n\n: c\n\ndata: y\r\rdata: [DONE]\n\n'
    const bytes = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte))
    expect(dataOf(framesOf(bytes))).toEqual(['{"t":"Grüße 😀"}', 'x', 'y', '[DONE]'])
    expect(framesOf(bytes).join('')).toBe(text)
  })

  it('keeps frames of many megabytes whole, in time linear in their size', () => {
    const body = 'x'.repeat(10 * 1024 * 1024)
    const bytes = Buffer.from(`data: ${body}\n\ndata: 2\n\n`)
    const chunks = Array.from({ length: Math.ceil(bytes.length / 1024) }, (_, index) =>
      bytes.subarray(index * 1024, (index + 1) * 1024),
    )
    // 10,240 pushes that each searched or copied the whole buffer would run into the test's time limit.
    expect(framesOf(chunks).map((frame) => frame.length)).toEqual([body.length + 8, 9])
  })

  it('splits many frames of one chunk in time linear in their number', () => {
    for (const end of ['\n', '\r', '\r\n']) {
      // 200,000 frames that each searched the rest of the chunk would run into the test's time limit.
      const bytes = Buffer.from(`data: some content${end}${end}`.repeat(200_000))
      expect(framesOf([bytes])).toHaveLength(200_000)
    }
  })

  it('does not let a later push change a frame that was given out', () => {
    const splitter = new SseSplitter()
    const frames: Buffer[] = []
    for (const chunk of ['data: a', 'bc\n\nda', 'ta: def\n\n', 'data: ghi\n\n'])
      splitter.push(Buffer.from(chunk), (frame) => frames.push(frame))
    expect(frames.map(String)).toEqual(['data: abc\n\n', 'data: def\n\n', 'data: ghi\n\n'])
  })
})

describe('parseFrame', () => {
  it.each([
    ['data: {"a":1}\n\n', { event: undefined, data: '{"a":1}' }],
    ['data:{"a":1}\n\n', { event: undefined, data: '{"a":1}' }],
    ['data:  two spaces\n\n', { event: undefined, data: ' two spaces' }],
    ['\uFEFFdata: bom\n\n', { event: undefined, data: 'bom' }],
    ['event: error\ndata: {}\n\n', { event: 'error', data: '{}' }],
    [': keep-alive\n\n', { event: undefined, data: undefined }],
    ['data\n\n', { event: undefined, data: '' }],
    ['data: a\rdata: b\n\n', { event: undefined, data: 'a\nb' }],
    ['data: a\n', { event: undefined, data: 'a' }],
  ])('%j', (text, expected) => {
    expect(parseFrame(Buffer.from(text))).toEqual(expected)
  })
})
