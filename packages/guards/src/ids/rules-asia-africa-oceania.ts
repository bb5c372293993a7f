import { isNric } from './checksums.ts'
import { stdnum } from './libraries.ts'
import type { IdRule, OtherId } from './national-id.ts'

const personal = [
  'national id',
  'identity',
  'personal number',
  'personal id',
  'id card',
  'identification number',
  'tax id',
]

/** @see the registries that each `stdnum` file names; forms as the issuing offices print them */
export const otherIds: { readonly [id in OtherId]: IdRule } = {
  au_tfn: { plain: ['999 999 999', '999999999'], cues: ['tfn', 'tax file'], validate: stdnum('au/tfn') },
  cn_ric: {
    distinct: ['999999999999999999', '99999999999999999A'],
    cues: ['身份证', ...personal],
    validate: stdnum('cn/ric'),
  },
  hk_hkid: {
    distinct: ['A999999(9)', 'A999999(A)', 'AA999999(9)'],
    plain: ['A9999999', 'A999999A'],
    cues: ['hkid', ...personal],
    validate: stdnum('hk/hkid'),
  },
  id_npwp: {
    distinct: ['99.999.999.9-999.999'],
    plain: ['999999999999999'],
    cues: ['npwp', 'wajib pajak'],
    validate: stdnum('id/npwp'),
  },
  il_idnr: {
    plain: ['999999999', '99999999-9'],
    cues: ['teudat zehut', 'זהות', 'מספר', ...personal],
    validate: stdnum('il/idnr'),
  },
  in_aadhaar: {
    plain: ['9999 9999 9999', '9999-9999-9999', '999999999999'],
    cues: ['aadhaar', 'aadhar', 'adhaar', 'uidai', 'uid', 'आधार'],
    validate: stdnum('in/aadhaar'),
  },
  in_pan: { plain: ['AAAAA9999A'], cues: ['pan', 'permanent account', 'income tax'], validate: stdnum('in/pan') },
  kr_rrn: {
    distinct: ['999999-9999999'],
    plain: ['9999999999999'],
    cues: ['rrn', '주민등록번호', 'resident registration', ...personal],
    validate: stdnum('kr/rrn'),
  },
  lk_nic: { plain: ['999999999A', '999999999999'], cues: ['nic', ...personal], validate: stdnum('lk/nic') },
  my_nric: {
    plain: ['999999-99-9999', '999999999999'],
    cues: ['nric', 'mykad', 'ic', 'kad pengenalan', ...personal],
    validate: stdnum('my/nric'),
  },
  nz_ird: {
    plain: ['99-999-999', '999-999-999', '99999999', '999999999'],
    cues: ['ird', 'inland revenue'],
    validate: stdnum('nz/ird'),
  },
  pk_cnic: {
    distinct: ['99999-9999999-9'],
    plain: ['9999999999999'],
    cues: ['cnic', 'nadra', ...personal],
    validate: stdnum('pk/cnic'),
  },
  sg_nric: {
    distinct: ['A9999999A'],
    cues: ['nric', 'fin', ...personal],
    validate: (id) => /^[STFGM]/.test(id) && isNric(id),
  },
  th_idnr: {
    distinct: ['9-9999-99999-99-9'],
    plain: ['9999999999999', '9 9999 99999 99 9'],
    cues: ['บัตรประชาชน', 'thai', ...personal],
    validate: stdnum('th/idnr'),
  },
  tr_tckimlik: {
    plain: ['99999999999'],
    cues: ['tc', 'kimlik', 'tckn', 'tckimlik', ...personal],
    validate: stdnum('tr/tckimlik'),
  },
  tw_natid: { plain: ['A999999999'], cues: ['natid', '身分證', ...personal], validate: stdnum('tw/natid') },
  za_idnr: {
    plain: ['9999999999999', '999999 9999 999', '999999 9999 99 9'],
    cues: ['rsa', 'south african', 'id number', 'id no', 'id nr', 'idnumber', 'sa id', ...personal],
    validate: stdnum('za/idnr'),
  },
}
