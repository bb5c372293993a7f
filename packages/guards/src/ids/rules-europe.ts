import { isNhsNumber } from './checksums.ts'
import { stdnum, stdnumUndotted } from './libraries.ts'
import type { EuropeanId, IdRule } from './national-id.ts'

const isPersonnummer = stdnum('se/personnummer')
const bare = (id: string): string => id.replaceAll(/[ .-]/g, '')

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
export const europeanIds: { readonly [id in EuropeanId]: IdRule } = {
  at_vnr: {
    plain: ['9999999999', '9999 999999'],
    cues: ['svnr', 'sozialversicherungsnummer', 'versicherungsnummer', 'vnr', 'sv nummer'],
    validate: stdnum('at/vnr'),
  },
  be_nn: {
    distinct: ['99.99.99-999.99'],
    plain: ['99999999999', '999999-999-99'],
    cues: ['rijksregisternummer', 'registre national', 'national number', 'insz', 'niss', 'rrn', ...personal],
    validate: stdnum('be/nn'),
  },
  bg_egn: { plain: ['9999999999'], cues: ['egn', 'егн', ...personal], validate: stdnum('bg/egn') },
  ch_ssn: {
    distinct: ['999.9999.9999.99'],
    plain: ['9999999999999'],
    cues: ['ahv', 'avs', 'oasi', 'ahv nummer', 'ahvn13', 'navs13', 'sozialversicherungsnummer'],
    validate: stdnum('ch/ssn'),
  },
  cz_rc: {
    distinct: ['999999/9999'],
    plain: ['9999999999'],
    cues: ['rodné číslo', 'rodne cislo', 'rč', 'rc', ...personal],
    validate: stdnum('cz/rc'),
  },
  de_idnr: {
    plain: ['99999999999', '99 999 999 999'],
    cues: ['steuer', 'identifikationsnummer', 'idnr', 'steuerid', 'steuernummer', 'tin', 'tax'],
    validate: stdnum('de/idnr'),
  },
  de_svnr: {
    distinct: ['99 999999 A 999'],
    plain: ['99999999A999'],
    cues: [
      'rentenversicherungsnummer',
      'sozialversicherungsnummer',
      'versicherungsnummer',
      'rvnr',
      'svnr',
      'rentenversicherung',
    ],
    validate: stdnum('de/svnr'),
  },
  dk_cpr: {
    plain: ['999999-9999', '9999999999'],
    cues: ['cpr', 'personnummer', 'cprnummer', ...personal],
    validate: stdnum('dk/cpr'),
  },
  ee_ik: { plain: ['99999999999'], cues: ['isikukood', 'ik', ...personal], validate: stdnum('ee/ik') },
  es_dni: {
    distinct: ['99999999-A', '99.999.999-A'],
    plain: ['99999999A', '99999999 A', '99.999.999A'],
    cues: ['dni', 'nif', 'documento nacional', 'documento', ...personal],
    validate: stdnumUndotted('es/dni'),
  },
  es_nie: {
    distinct: ['A-9999999-A'],
    plain: ['A9999999A', 'A9999999-A'],
    cues: ['nie', 'nif', 'extranjero', ...personal],
    validate: stdnum('es/nie'),
  },
  fi_hetu: {
    distinct: ['999999-999A', '999999-9999', '999999+999A', '999999A999A'],
    plain: ['999999A9999'],
    cues: ['hetu', 'henkilötunnus', 'personbeteckning', ...personal],
    validate: stdnum('fi/hetu'),
  },
  fr_nir: {
    distinct: ['9 99 99 99 999 999 99'],
    plain: ['999999999999999'],
    cues: ['nir', 'sécurité sociale', 'securite sociale', 'insee', 'social security', 'numéro de sécurité'],
    validate: stdnum('fr/nir'),
  },
  gb_nhs: {
    plain: ['999 999 9999', '999-999-9999', '9999999999'],
    cues: ['nhs', 'national health service', 'health', 'patient'],
    validate: (id) => isNhsNumber(bare(id)),
  },
  gb_nino: {
    distinct: ['AA 99 99 99 A', 'AA999999A'],
    plain: ['AA 999999 A', 'AA-99-99-99-A'],
    cues: ['nino', 'national insurance', 'ni number', 'ni', 'insurance'],
    validate: stdnum('gb/nino'),
  },
  gr_amka: { plain: ['99999999999'], cues: ['amka', 'αμκα', ...personal], validate: stdnum('gr/amka') },
  hr_oib: { plain: ['99999999999'], cues: ['oib', 'osobni', ...personal], validate: stdnum('hr/oib') },
  ie_pps: {
    plain: ['9999999A', '9999999AA', '9999999 A'],
    cues: ['pps', 'ppsn', 'public service', ...personal],
    validate: stdnum('ie/pps'),
  },
  is_kennitala: {
    plain: ['999999-9999', '9999999999'],
    cues: ['kennitala', 'kt', ...personal],
    validate: stdnum('is/kennitala'),
  },
  it_codicefiscale: {
    distinct: ['AAAAAA99A99A999A', 'AAA AAA 99A99 A999A'],
    cues: ['codice fiscale', 'cf', 'fiscale', ...personal],
    validate: stdnum('it/codicefiscale'),
  },
  lt_asmens: { plain: ['99999999999'], cues: ['asmens', 'asmens kodas', ...personal], validate: stdnum('lt/asmens') },
  nl_bsn: {
    plain: ['999999999', '9999.99.999', '9999 99 999'],
    cues: ['bsn', 'burgerservicenummer', 'sofinummer', 'sofi', 'burger service'],
    validate: stdnum('nl/bsn'),
  },
  no_fodselsnummer: {
    plain: ['99999999999', '999999 99999'],
    cues: ['fødselsnummer', 'fodselsnummer', 'personnummer', 'fnr', ...personal],
    validate: stdnum('no/fodselsnummer'),
  },
  pl_pesel: { plain: ['99999999999'], cues: ['pesel', ...personal], validate: stdnum('pl/pesel') },
  pt_cc: {
    distinct: ['99999999 9 AA9', '999999999AA9'],
    cues: ['cartão de cidadão', 'cartao', 'cc', ...personal],
    validate: stdnum('pt/cc'),
  },
  pt_nif: {
    plain: ['999999999', '999 999 999'],
    cues: ['nif', 'contribuinte', 'contribuição'],
    validate: stdnum('pt/nif'),
  },
  ro_cnp: { plain: ['9999999999999'], cues: ['cnp', 'cod numeric', ...personal], validate: stdnum('ro/cnp') },
  rs_jmbg: { plain: ['9999999999999'], cues: ['jmbg', 'матични', 'maticni', ...personal], validate: stdnum('rs/jmbg') },
  ru_inn: { plain: ['999999999999'], cues: ['inn', 'инн', ...personal], validate: stdnum('ru/inn') },
  se_personnummer: {
    distinct: ['999999-9999', '99999999-9999', '999999+9999'],
    plain: ['9999999999', '999999999999'],
    cues: ['personnummer', 'personnr', 'pnr', ...personal],
    validate: (id) => isPersonnummer(/^\d+$/.test(id) ? `${id.slice(0, -4)}-${id.slice(-4)}` : id),
  },
  si_emso: { plain: ['9999999999999'], cues: ['emšo', 'emso', ...personal], validate: stdnum('si/emso') },
  sk_rc: {
    distinct: ['999999/9999'],
    plain: ['9999999999'],
    cues: ['rodné číslo', 'rodne cislo', 'rč', 'rc', ...personal],
    validate: stdnum('sk/rc'),
  },
  ua_rntrc: {
    plain: ['9999999999'],
    cues: ['rntrc', 'рнокпп', 'ідентифікаційний', 'інн', ...personal],
    validate: stdnum('ua/rntrc'),
  },
}
