import { describe, expect, it } from 'vitest'
import { areOpposite, conceptOf } from './lexicon.ts'
import { isTypo } from './difference.ts'
import { stem } from './stem.ts'

describe('stem', () => {
  it.each([
    ['activate activates activated activating activation'],
    ['go goes went gone going'],
    ['verify verifies verified verifying'],
    ['stop stops stopped stopping'],
    ['city cities'],
    ['form forms formation'],
    ['pay pays paid paying payment'],
    ['colour color colours'],
    ['organise organize organizing organisation'],
  ])('one for %s', (words) => {
    expect(new Set(words.split(' ').map(stem)).size).toBe(1)
  })

  it.each([
    ['early', 'earl'],
    ['news', 'new'],
    ['united', 'unit'],
    ['costly', 'cost'],
    ['meeting', 'meet'],
    ['station', 'stat'],
  ])('not for %s and %s', (a, b) => expect(stem(a)).not.toBe(stem(b)))
})

describe('lexicon', () => {
  it.each([
    ['buy', 'purchase'],
    ['enable', 'activated'],
    ['cancelling', 'abort'],
    ['cheque', 'cheques'],
    ['phone', 'smartphone'],
  ])('%s and %s are one concept', (a, b) => expect(conceptOf(a)).toBe(conceptOf(b)))

  it.each([
    ['open', 'closed'],
    ['happy', 'unhappy'],
    ['legal', 'illegal'],
    ['connect', 'disconnected'],
    ['buyer', 'seller'],
    ['active', 'inactive'],
  ])('%s and %s are opposite, both ways', (a, b) => {
    expect(areOpposite(conceptOf(a), conceptOf(b))).toBe(true)
    expect(areOpposite(conceptOf(b), conceptOf(a))).toBe(true)
  })

  it.each([
    ['open', 'start'],
    ['cover', 'recover'],
    ['come', 'income'],
    ['press', 'impress'],
    ['card', 'discard'],
  ])('%s and %s are not', (a, b) => expect(areOpposite(conceptOf(a), conceptOf(b))).toBe(false))
})

describe('isTypo', () => {
  it.each([
    ['acivate', 'activate'],
    ['transfre', 'transfer'],
    ['passwrod', 'password'],
    ['accout', 'account'],
    ['recieve', 'receive'],
  ])('%s is %s', (a, b) => {
    expect([isTypo(a, b), isTypo(b, a)]).toEqual([true, true])
  })

  it.each([
    ['house', 'horse'],
    ['trail', 'trial'],
    ['legal', 'illegal'],
    ['cat', 'cap'],
    ['export', 'expert'],
    ['safe', 'unsafe'],
  ])('%s is not %s', (a, b) => {
    expect([isTypo(a, b), isTypo(b, a)]).toEqual([false, false])
  })
})
