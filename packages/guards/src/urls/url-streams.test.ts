import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkText } from '../check-text.ts'
import { createGuard } from '../create-guard.ts'
import type { Detector } from '../detector.ts'
import { secrets } from '../secrets/secrets.ts'
import { foundIn } from '../testing/check.ts'
import { cutInto } from '../testing/redact-in-chunks.ts'
import { urls } from './urls.ts'

const listed = urls({ allow: ['example.com'] })
const denied = urls({ deny: ['evil.com'] })

const thai = 'สวัสดีครับขอบคุณสำหรับคำถามของคุณเราจะจัดส่งสินค้าภายในสามวันทำการหากมีคำถามใดๆโปรดติดต่อเราและ/หรือ'
const japanese =
  'お問い合わせありがとうございます。ご注文の商品は三営業日以内に発送いたします。ご不明な点がございましたら、ご連絡ください。'
const chinese =
  '你好，感谢您的来信。我们已经收到您的订单，并将在三个工作日内发货。茶叶的历史可以追溯到几千年前，最早的记载出现在中国。'

/** What a stream shows, and what it held back after each chunk. */
async function streamed(detectors: readonly Detector[], text: string, lengths: readonly number[]) {
  const stream = (await createGuard({ output: detectors }).session()).stream()
  const held: number[] = []
  let shown = ''
  for (const chunk of cutInto(text, lengths)) {
    shown += await stream.push(chunk)
    held.push(stream.held)
  }
  shown += await stream.end()
  return { shown, mean: held.reduce((sum, each) => sum + each, 0) / held.length, most: Math.max(...held) }
}

describe('urls on streams in scripts without blanks', () => {
  it.each([
    ['Thai', thai],
    ['Japanese', japanese],
    ['Chinese', chinese],
    ['with Latin words in it', `${chinese}API、iPhone和Wi-Fi都可以。${japanese}`],
  ])('hold back next to nothing of a text: %s', async (_, text) => {
    const { shown, mean, most } = await streamed([listed], text.repeat(10), [4])
    expect(shown).toBe(text.repeat(10))
    expect(mean).toBeLessThan(1)
    expect(most).toBeLessThan(12)
  })

  it('hold back Thai with bare hosts to find only as far as its letters go without marks', async () => {
    const { mean } = await streamed([denied], thai.replace('และ/หรือ', '').repeat(10), [4])
    expect(mean).toBeLessThan(5)
  })

  it.each([
    ['ดูที่https://evil.com/ก่อน ครับ', ['unlisted_host: https://evil.com/ก่อน']],
    ['见https://evil.com，谢谢', ['unlisted_host: https://evil.com']],
    ['見て(//evil.com/x)ね', ['unlisted_host: //evil.com/x']],
    ['コメント//注釈 //注釈', ['unlisted_host: //注釈']],
    ['点击javascript&#58;alert(1)。', ['scheme: javascript&#58;alert(1)。']],
    ['和/或https\\://evil.com', ['unlisted_host: https\\://evil.com']],
    ['時刻:10:30/和/x:値//値', []],
    ['值http:例え.com', ['unlisted_host: http:例え.com']],
  ])('find in %j', (text, expected) => {
    expect(foundIn(listed, text)).toEqual(expected)
  })

  it('finds bare hosts after marks', () => {
    expect(foundIn(denied, 'ไปevil.com ไปที่evil.com')).toEqual(['denied_host: evil.com'])
    expect(foundIn(denied, 'ไปที่ evil.com/ก่อน และ เที่ยวที่.evil.com')).toEqual([
      'denied_host: evil.com/ก่อน',
      'denied_host: evil.com',
    ])
  })

  const pieces = 'https:// evil.com example.com // /x ?q= ( ) : \\ & = javascript: data:text/html, &#58; java a - .'
    .split(' ')
    .concat('ไทย', 'ที่', 'かな', '漢字', '。', '，', 'é', 'а', '😀', ' ', '\n', '"', "='", '="')
  const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 })

  it.each([
    ['alone', [listed]],
    ['with bare hosts', [denied]],
    ['beside one that holds back more', [listed, secrets()]],
  ])('show the same as for the whole text, however it is cut: %s', async (_, detectors) => {
    const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 16 }).map((each) => each.join(''))
    await fc.assert(
      fc.asyncProperty(texts, cuts, async (text, lengths) => {
        expect((await streamed(detectors, text, lengths)).shown).toBe((await checkText(text, detectors)).text)
      }),
      { numRuns: 1_500 },
    )
  })

  it('read the end of a text without a blank from where they left off', async () => {
    for (const [filler, last] of [['ไทย', 'https://evil.com/ก'] as const, ['abc', 'https://evil.com/'] as const]) {
      const text = `${'https://x.io/'.repeat(788)}${last}${filler.repeat(388)}${last}${filler.repeat(285)}${last}`
      expect((await streamed([listed], text, [20, 7])).shown).toBe((await checkText(text, [listed])).text)
    }
  })

  it.each([
    ['alone', [listed]],
    ['beside one that holds back more', [listed, secrets()]],
  ])('do so in texts of many pages without a blank: %s', async (_, detectors) => {
    const parts = fc.tuple(
      fc.constantFrom('ไทย', 'a', 'かな', '/', 'https://x.io/', '-----BEGIN PRIVATE KEY-----', 'ที่="'),
      fc.nat(900),
      fc.constantFrom('https://evil.com/ก', '(//evil.com)', 'java&#58;x', '='),
    )
    const texts = fc.array(parts, { minLength: 3, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 20, max: 5_000 }), async (all, length) => {
        const text = all.map(([filler, times, address]) => filler.repeat(times) + address).join('')
        const whole = (await checkText(text, detectors)).text
        expect((await streamed(detectors, text, [length, 7])).shown).toBe(whole)
      }),
      { numRuns: 60 },
    )
  })
})
