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
    ['{"dob":"1979-03-03T00:00:00Z"}', '1979-03-03T00:00:00Z'],
    ['birthDate=1979-03-03T04:05:06.789+01:00,', '1979-03-03T04:05:06.789+01:00'],
    ['birthDate 1979-03-03T04:05', '1979-03-03T04:05'],
    ['dob: 19830417', '19830417'],
    ['geb. 17041983', '17041983'],
    ['DOB 03-17-1980', '03-17-1980'],
    ['DOB 12-Mar-80', '12-Mar-80'],
    ["born 17th of April '83", "17th of April '83"],
    ['born 1979-03-03T04:05:06- and', '1979-03-03T04:05:06'],
    ['born 17\u201304\u20111980', '17\u201304\u20111980'],
    ['geboren am 3. März 1979 in Ulm', '3. März 1979'],
    ['geboren am 3. Ma\u0308rz 1979', '3. Ma\u0308rz 1979'],
    ['geb. 3.März 1979', '3.März 1979'],
    ['née le 1er août 1979', '1er août 1979'],
    ['nacido el 3 de marzo de 1979', '3 de marzo de 1979'],
    ['nato a Roma il 3 marzo 1979', '3 marzo 1979'],
    ['nascida em 3 de março de 1979', '3 de março de 1979'],
    ['geboren op 3 maart 1979', '3 maart 1979'],
    ['urodzona 3 września 1979', '3 września 1979'],
    ['родилась 3 марта 1979', '3 марта 1979'],
    ['född den 3 oktober 1979', '3 oktober 1979'],
    ['born Aug. 12, 1980', 'Aug. 12, 1980'],
    ['生年月日 1990年12月1日', '1990年12月1日'],
    ['彼は1990年12月1日生まれです', '1990年12月1日'],
    ['생년월일은 1990년 12월 1일', '1990년 12월 1일'],
    ['生年月日：1990-12-01', '1990-12-01'],
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
    'born 1979-03-03Tuesday',
    'born 19831317',
    'born 198304171',
    'born in the year of the order 19830417',
    'at the NATO summit 12/03/1999',
    'born 12 bottles 1979',
    '会議は1990年12月1日です',
    'born 3. Merz 1979',
  ])('nothing in %s', (text) => {
    expect(found(text, 'birth_date')).toEqual([])
  })
})
