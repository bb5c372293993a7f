import { describe, expect, it } from 'vitest'
import { found } from './fixtures/found.ts'

const quiet = 'The parcel was promised for last week, and nobody could tell where it has been since. '

describe('a pass over a text', () => {
  it.each([0, 1, 5, 11, 12, 13, 40, 300])('comes to what is %d characters on', (distance) => {
    const before = quiet.repeat(9).slice(0, distance)
    expect(found(`${before} ada@example.com ${quiet}`)).toEqual(['ada@example.com'])
    expect(found(`${before} 4111 1111 1111 1111 ${quiet}`)).toEqual(['4111 1111 1111 1111'])
    expect(found(`${before} https://ada:s3cret@example.com/ ${quiet}`)).toEqual(['ada:s3cret'])
    expect(found(`1 ${before} 1 ada@example.com, 10.20.30.40`)).toEqual(['ada@example.com', '10.20.30.40'])
  })

  it.each([
    ['a number as short as there are', `please call 5550198 today. ${quiet}`, '5550198'],
    ['the shortest chain', `our host at 1.2.3.4 is down. ${quiet}`, '1.2.3.4'],
    ['a short word', `the cvv is 123 as it says. ${quiet}`, '123'],
    ['a short word of a date', `she was born on 1/2/80 in it. ${quiet}`, '1/2/80'],
    [
      'a long word',
      `to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 now. ${quiet}`,
      'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
    ],
    ['a word that letters begin', `to gb29nwbk60161331926819 now. ${quiet}`, 'gb29nwbk60161331926819'],
  ])('has %s looked at in the midst of it', (_, text, value) => {
    expect(found(text)).toEqual([value])
  })
})
