import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { imageSize } from './image-size.ts'
import { gif, jpeg, png, webp } from './fixtures/sample-images.ts'

describe('imageSize', () => {
  it.each([
    ['PNG', png(1200, 800)],
    ['GIF', gif(1200, 800)],
    ['JPEG', jpeg(1200, 800)],
    ['JPEG after 100 KB of metadata', jpeg(1200, 800, 100_000)],
    ['WebP', webp('VP8 ', 1200, 800)],
    ['lossless WebP', webp('VP8L', 1200, 800)],
    ['extended WebP', webp('VP8X', 1200, 800)],
  ])('reads the header of %s', (_, bytes) => {
    const data = bytes.toString('base64')
    expect(imageSize(data)).toEqual({ widthPx: 1200, heightPx: 800 })
    expect(imageSize(`data:image/x;base64,${data}`)).toEqual({ widthPx: 1200, heightPx: 800 })
  })

  it.each([
    'https://example.com/a.png',
    'data:image/svg+xml,<svg/>',
    'data:image/png;base64,',
    '',
    'not base64 at all!',
    png(0, 10).toString('base64'),
    png(10, 10).subarray(0, 18).toString('base64'),
    jpeg(10, 10).subarray(0, 12).toString('base64'),
  ])('knows nothing of %j', (source) => {
    expect(imageSize(source)).toBeUndefined()
  })

  it('takes any bytes without throwing or lingering', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('', '\xff\xd8\xff', 'RIFF....WEBPVP8', 'GIF8'),
        (bytes, head) => {
          imageSize(Buffer.concat([Buffer.from(head, 'latin1'), bytes]).toString('base64'))
        },
      ),
    )
    expect(imageSize(Buffer.alloc(1_000_000, 0xff).fill(0xd8, 1, 2).toString('base64'))).toBeUndefined()
  })
})
