import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** The check of a `stdnum` file, such as `br/cpf`; the file is loaded when an id of its form is first met. */
export function stdnum(file: string): (id: string) => boolean {
  let validate: ((id: string) => { readonly isValid: boolean }) | undefined
  return (id) => {
    validate ??= (require(`stdnum/lib/cjs/${file}.js`) as { validate: typeof validate }).validate
    return validate?.(id).isValid === true
  }
}

/** The same for an id that is also written with full stops, which the file does not take. */
export function stdnumUndotted(file: string): (id: string) => boolean {
  const isValid = stdnum(file)
  return (id) => isValid(id.replaceAll('.', ''))
}

/** A function of the `validator` package, loaded on first use. */
function validator(file: string): (text: string, ...options: unknown[]) => boolean {
  let loaded: ((text: string, ...options: unknown[]) => boolean) | undefined
  return (text, ...options) => {
    loaded ??= (require(`validator/lib/${file}.js`) as { default: NonNullable<typeof loaded> }).default
    return loaded(text, ...options)
  }
}

/** Luhn's mod 10. @see ISO/IEC 7812-1:2017, annex B */
export const isLuhnNumber: (digits: string) => boolean = validator('isLuhnNumber')
export const isIpAddress: (text: string, version: 4 | 6) => boolean = validator('isIP')
export const isMacAddress: (text: string) => boolean = validator('isMACAddress')
export const isHostName: (text: string) => boolean = validator('isFQDN')
export const isEthereumAddress: (text: string) => boolean = validator('isEthereumAddress')
