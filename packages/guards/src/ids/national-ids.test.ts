import { describe, expect, it } from 'vitest'
import { found, rulesIn } from '../pii/fixtures/found.ts'
import type { NationalId } from './national-id.ts'
import { idRules } from './rules.ts'
import { exampleIds } from './testing/example-ids.ts'

const ids = Object.keys(idRules) as NationalId[]
const examples = ids.flatMap((id) => {
  const distinct = idRules[id].distinct?.length ?? 0
  return exampleIds[id].map((value, index) => ({
    id,
    value,
    distinct: index < distinct,
    cue: idRules[id].cues[0] as string,
  }))
})

describe('national ids', () => {
  it.each(examples.filter(({ distinct }) => distinct))('$id by its form: $value', ({ id, value }) => {
    expect(found(`It says ${value}, as you see.`, id)).toEqual([value])
  })

  it.each(examples.filter(({ distinct }) => !distinct))('$id beside its word: $value', ({ id, value, cue }) => {
    expect(found(`It says ${value}, as you see.`, id)).toEqual([])
    expect(found(`${cue}: ${value}, as you see.`, id)).toEqual([value])
    expect(found(`So ${value} is the ${cue}.`, id)).toEqual([value])
  })

  it('knows a wrong check digit in at least 40 countries', () => {
    const strict = examples.filter(({ id, value, cue }) => {
      const last = value.search(/\d\D*$/)
      const changed = value.slice(0, last) + String((Number(value[last]) + 1) % 10) + value.slice(last + 1)
      return found(`${cue} ${changed}`, id).length === 0
    })
    expect(new Set(strict.map(({ id }) => id.slice(0, 2))).size).toBeGreaterThanOrEqual(40)
  })

  it.each([
    'tel 123-45-67889',
    'x123-45-6788',
    '1.123-45-6788',
    '123-45-6788-9',
    '000-12-3456',
    '666-12-3456',
    '123-00-4567',
    '123-45-0000',
    '078-05-1120',
    '111-11-1111',
  ])('no social security number in %s', (text) => {
    expect(found(text, 'us_ssn')).toEqual([])
  })

  it('takes a cue as a whole word only', () => {
    expect(found('a public 434765919 notice', 'ca_sin')).toEqual([])
    expect(found('a cousin has 046 454 286', 'ca_sin')).toEqual([])
    expect(found('her SIN is 046 454 286', 'ca_sin')).toEqual(['046 454 286'])
  })

  it('has the words that South Africa has for it', () => {
    for (const cue of ['ID number', 'ID no:', 'SA ID'])
      expect(found(`${cue} 8001015009087`, 'za_idnr')).toEqual(['8001015009087'])
  })

  it('are none where a dash ties them to another word', () => {
    expect(found('SKU-450871-3114', 'se_personnummer')).toEqual([])
    expect(found('personnummer-450871-3114', 'se_personnummer')).toEqual(['450871-3114'])
  })

  it('are all looked for by default', () => {
    expect(rulesIn('SSN 123-45-6788 and CPF 529.982.247-25')).toEqual(['us_ssn', 'br_cpf'])
  })
})
