/** A rule for an id that is found where its checksum is right. */
export interface IdRule {
  /**
   * Written forms that tell the id by themselves, once its checksum is right: `9` stands for a digit, `A` for a letter of
   * either case, the rest for itself.
   */
  readonly distinct?: readonly string[]
  /** Written forms that many numbers have: they count with a cue beside them only. */
  readonly plain?: readonly string[]
  /** Words that name the id, in lower case. */
  readonly cues: readonly string[]
  /** Takes the id as it is written, in upper case. */
  readonly validate: (id: string) => boolean
}

export type EuropeanId =
  | 'at_vnr'
  | 'be_nn'
  | 'bg_egn'
  | 'ch_ssn'
  | 'cz_rc'
  | 'de_idnr'
  | 'de_svnr'
  | 'dk_cpr'
  | 'ee_ik'
  | 'es_dni'
  | 'es_nie'
  | 'fi_hetu'
  | 'fr_nir'
  | 'gb_nhs'
  | 'gb_nino'
  | 'gr_amka'
  | 'hr_oib'
  | 'ie_pps'
  | 'is_kennitala'
  | 'it_codicefiscale'
  | 'lt_asmens'
  | 'nl_bsn'
  | 'no_fodselsnummer'
  | 'pl_pesel'
  | 'pt_cc'
  | 'pt_nif'
  | 'ro_cnp'
  | 'rs_jmbg'
  | 'ru_inn'
  | 'se_personnummer'
  | 'si_emso'
  | 'sk_rc'
  | 'ua_rntrc'

export type AmericanId =
  | 'ar_cuit'
  | 'br_cpf'
  | 'ca_sin'
  | 'cl_rut'
  | 'co_nit'
  | 'cr_cpf'
  | 'do_cedula'
  | 'ec_ci'
  | 'mx_curp'
  | 'us_aba'
  | 'us_dea'
  | 'us_itin'
  | 'us_npi'
  | 'us_ssn'
  | 'uy_cedula'
  | 've_rif'

export type OtherId =
  | 'au_tfn'
  | 'cn_ric'
  | 'hk_hkid'
  | 'id_npwp'
  | 'il_idnr'
  | 'in_aadhaar'
  | 'in_pan'
  | 'kr_rrn'
  | 'lk_nic'
  | 'my_nric'
  | 'nz_ird'
  | 'pk_cnic'
  | 'sg_nric'
  | 'th_idnr'
  | 'tr_tckimlik'
  | 'tw_natid'
  | 'za_idnr'

/** National ids, by the country in ISO 3166 and what the id is called there. */
export type NationalId = EuropeanId | AmericanId | OtherId
