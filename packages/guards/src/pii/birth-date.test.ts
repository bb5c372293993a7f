import { describe, expect, it } from 'vitest'
import { found } from './fixtures/found.ts'

describe('birth_date', () => {
  it.each([
    ['born on 12/03/1980 in Rome', '12/03/1980'],
    ['DOB: 1980-03-12', '1980-03-12'],
    ['date of birth 3/12/80.', '3/12/80'],
    ['She was born on 12 March 1980', '12 March 1980'],
    ['birthday is 12th of March 1980', '12th of March 1980'],
    ['born March 12, 1980', 'March 12, 1980'],
    ['geboren am 12.03.1980', '12.03.1980'],
    ['1980-03-12 is her birthday', '1980-03-12'],
  ])('%s', (text, date) => {
    expect(found(text, 'birth_date')).toEqual([date])
  })

  it.each([
    'We met on 12/03/1980',
    'born in 1980',
    'born 1980-13-40',
    'born at 12/03/1980/7',
    'DOB unknown. Then, much later, one fine day that nobody remembers, on 12/03/1980',
    'stillborn kittens 3/4',
  ])('nothing in %s', (text) => {
    expect(found(text, 'birth_date')).toEqual([])
  })
})
