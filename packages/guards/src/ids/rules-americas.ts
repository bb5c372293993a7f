import { isAba, isDea, isIssuedSsn, isItin, isNpi } from './checksums.ts'
import { stdnum, stdnumUndotted } from './libraries.ts'
import type { AmericanId, IdRule } from './national-id.ts'

const bare = (id: string): string => id.replaceAll(/[ .-]/g, '')
const isSsn = stdnum('us/ssn')

const personal = [
  'national id',
  'identity',
  'personal id',
  'id card',
  'documento',
  'identidad',
  'tax id',
  'identificación',
]

/** @see the registries that each `stdnum` file names; forms as the issuing offices print them */
export const americanIds: { readonly [id in AmericanId]: IdRule } = {
  ar_cuit: {
    distinct: ['99-99999999-9'],
    plain: ['99999999999'],
    cues: ['cuit', 'cuil', ...personal],
    validate: stdnum('ar/cuit'),
  },
  br_cpf: {
    distinct: ['999.999.999-99'],
    plain: ['99999999999', '999999999-99'],
    cues: ['cpf', 'cadastro', ...personal],
    validate: stdnum('br/cpf'),
  },
  ca_sin: {
    plain: ['999-999-999', '999 999 999', '999999999'],
    cues: ['sin', 'social insurance', 'assurance sociale', 'nas'],
    validate: stdnum('ca/sin'),
  },
  cl_rut: {
    distinct: ['99.999.999-9', '99.999.999-A', '9.999.999-9', '9.999.999-A'],
    plain: ['99999999-9', '99999999-A', '9999999-9'],
    cues: ['rut', 'run', 'rol único', ...personal],
    validate: stdnumUndotted('cl/rut'),
  },
  co_nit: {
    plain: ['999.999.999-9', '999999999-9', '9999999999'],
    cues: ['nit', 'tributaria'],
    validate: stdnum('co/nit'),
  },
  cr_cpf: {
    plain: ['9-9999-9999', '99-9999-9999', '999999999'],
    cues: ['cédula', 'cedula', ...personal],
    validate: stdnum('cr/cpf'),
  },
  do_cedula: {
    distinct: ['999-9999999-9'],
    plain: ['99999999999'],
    cues: ['cédula', 'cedula', ...personal],
    validate: stdnum('do/cedula'),
  },
  ec_ci: {
    plain: ['999999999-9', '9999999999'],
    cues: ['cédula', 'cedula', 'ci', ...personal],
    validate: stdnum('ec/ci'),
  },
  mx_curp: {
    distinct: ['AAAA999999AAAAAAA9', 'AAAA999999AAAAAA99'],
    cues: ['curp', 'registro de población'],
    validate: stdnum('mx/curp'),
  },
  us_aba: {
    plain: ['999999999', '9999-9999-9'],
    cues: ['aba', 'routing', 'rtn', 'transit'],
    validate: (id) => isAba(bare(id)),
  },
  us_dea: { plain: ['AA9999999'], cues: ['dea', 'prescriber'], validate: isDea },
  us_itin: {
    distinct: ['999-99-9999'],
    plain: ['999999999', '999 99 9999'],
    cues: ['itin', 'taxpayer', 'tax'],
    validate: (id) => isItin(bare(id)),
  },
  us_npi: { plain: ['9999999999'], cues: ['npi', 'provider', 'national provider'], validate: (id) => isNpi(bare(id)) },
  us_ssn: {
    distinct: ['999-99-9999'],
    plain: ['999 99 9999', '999.99.9999', '999999999'],
    cues: ['ssn', 'ssns', 'social security', 'social', 'soc sec', 'ss number', 'socialsecurity'],
    validate: (id) => isIssuedSsn(bare(id)) && isSsn(bare(id)),
  },
  uy_cedula: {
    distinct: ['9.999.999-9'],
    plain: ['99999999', '9999999-9'],
    cues: ['cédula', 'cedula', 'ci'],
    validate: stdnumUndotted('uy/cedula'),
  },
  ve_rif: { distinct: ['A-99999999-9'], plain: ['A999999999'], cues: ['rif', 'fiscal'], validate: stdnum('ve/rif') },
}
