import { describe, expect, it } from 'vitest'
import { previewOf } from './preview.ts'

describe('previewOf', () => {
  it.each([
    ['email', 'ada.lovelace@example.com', 'a••.••••••••@e••••••.•••'],
    ['email', 'müller@bücher.example', 'm•••••@b•••••.•••••••'],
    ['card', '4111-1111-1111-1111', '••••-••••-••••-1111'],
    ['iban', 'DE89 3704 0044 0532 0130 00', 'DE•• •••• •••• •••• •••• ••'],
    ['us_ssn', '123-45-6788', '•••-••-••••'],
    ['phone', '+44 20 7946 0958', '+•• •• •••• ••••'],
    ['url_credentials', 'ada:s3cret', '•••:••••••'],
    ['name', 'Ada', '•••'],
  ])('%s', (entity, value, preview) => {
    expect(previewOf(entity, value)).toBe(preview)
  })
})
