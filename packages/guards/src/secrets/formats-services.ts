import { isEncodedId, isJsonWith } from './checksums.ts'
import { alnum, anyHex, digits, type Format, hex, lower, upper, url, uuid } from './format.ts'

const webhookPath = { of: 'A-Za-z0-9_/-', min: 30, max: 120 }

/** What numbers begin with: `10` to `99`. */
const tens = Array.from({ length: 90 }, (_, index) => String(index + 10))

/** Keys of services for payment, messages, work and the web, and tokens of any issuer that have a structure. */
export const serviceFormats: readonly Format[] = [
  {
    rule: 'stripe_key',
    prefixes: ['sk_live_', 'sk_test_', 'sk_prod_', 'rk_live_', 'rk_test_', 'rk_prod_', 'sk_org_live_', 'sk_org_test_'],
    body: [alnum(10, 128)],
  },
  { rule: 'webhook_secret', prefixes: ['whsec_'], body: [{ of: 'A-Za-z0-9+/=', min: 24, max: 88 }] },
  { rule: 'square_token', prefixes: ['sq0atp-', 'sq0csp-', 'sq0idp-'], body: [url(22, 60)] },
  { rule: 'square_token', prefixes: ['EAAA'], body: [url(60)] },
  { rule: 'shopify_token', prefixes: ['shpat_', 'shpca_', 'shppa_', 'shpss_'], body: [anyHex(32)] },
  {
    rule: 'braintree_token',
    prefixes: ['access_token$production$', 'access_token$sandbox$'],
    body: [lower(16), '$', hex(32)],
  },
  { rule: 'razorpay_key', prefixes: ['rzp_live_', 'rzp_test_'], body: [alnum(14)] },
  { rule: 'lob_key', prefixes: ['live_', 'test_'], body: [hex(35)] },
  { rule: 'flutterwave_key', prefixes: ['FLWSECK-', 'FLWSECK_TEST-'], body: [lower(32), '-X'] },
  { rule: 'easypost_key', prefixes: ['EZAK', 'EZTK'], body: [alnum(54)] },
  { rule: 'shippo_token', prefixes: ['shippo_live_', 'shippo_test_'], body: [hex(40)] },
  { rule: 'duffel_token', prefixes: ['duffel_live_', 'duffel_test_'], body: [url(43)] },
  {
    rule: 'slack_token',
    prefixes: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxc-', 'xoxd-'],
    body: [url(20, 250)],
  },
  { rule: 'slack_token', prefixes: ['xoxe-', 'xoxe.xoxb-', 'xoxe.xoxp-'], body: [url(40, 300)] },
  {
    rule: 'slack_token',
    prefixes: ['xapp-'],
    body: [digits(1), '-', upper(8, 14), '-', digits(10, 14), '-', hex(64)],
  },
  {
    rule: 'slack_webhook',
    prefixes: ['hooks.slack.com/services/', 'hooks.slack.com/workflows/', 'hooks.slack.com/triggers/'],
    body: [webhookPath],
  },
  {
    rule: 'discord_webhook',
    prefixes: ['', 'v8/', 'v9/', 'v10/'].flatMap((version) =>
      ['discord.com', 'discordapp.com'].map((host) => `${host}/api/${version}webhooks/`),
    ),
    body: [digits(17, 20), '/', url(60, 80)],
  },
  {
    rule: 'teams_webhook',
    prefixes: ['webhook.office.com/webhookb2/', 'outlook.office.com/webhook/'],
    body: [{ of: 'A-Za-z0-9_@/-', min: 80, max: 280 }],
  },
  { rule: 'zapier_webhook', prefixes: ['hooks.zapier.com/hooks/catch/'], body: [digits(4, 10), '/', alnum(5, 16)] },
  // The id of a bot, and what follows it: of addresses, `bot` stays.
  {
    rule: 'telegram_token',
    prefixes: tens.map((start) => `bot${start}`),
    kept: 3,
    body: [digits(6, 8), ':AA', url(33)],
  },
  { rule: 'telegram_token', prefixes: tens, body: [digits(6, 8), ':AA', url(33)] },
  {
    rule: 'discord_token',
    // The first two characters of digits in base64.
    prefixes: ['MD', 'MT', 'Mj', 'Mz', 'ND', 'NT', 'Nj', 'Nz', 'OD', 'OT'],
    body: [alnum(20, 26), '.', url(6), '.', url(27, 38)],
    check: (token) => isEncodedId(token.slice(0, token.indexOf('.'))),
    failed: 'drop',
  },
  { rule: 'sendgrid_key', prefixes: ['SG.'], body: [url(20, 24), '.', url(39, 50)] },
  { rule: 'mailgun_key', prefixes: ['key-'], body: [hex(32)] },
  { rule: 'mailersend_token', prefixes: ['mlsn.'], body: [hex(64)] },
  { rule: 'brevo_key', prefixes: ['xkeysib-', 'xsmtpsib-'], body: [hex(64), '-', alnum(16)] },
  { rule: 'resend_key', prefixes: ['re_'], body: [alnum(8), '_', alnum(24)] },
  { rule: 'postman_key', prefixes: ['PMAK-'], body: [hex(24), '-', hex(34)] },
  { rule: 'twilio_key', prefixes: ['SK'], body: [hex(32)] },
  { rule: 'linear_key', prefixes: ['lin_api_', 'lin_oauth_'], body: [alnum(40, 64)] },
  { rule: 'notion_token', prefixes: ['ntn_'], body: [alnum(46)] },
  { rule: 'notion_token', prefixes: ['secret_'], body: [alnum(43)] },
  { rule: 'figma_token', prefixes: ['figd_', 'figu_', 'figo_'], body: [url(40, 60)] },
  { rule: 'airtable_token', prefixes: ['pat'], body: [alnum(14), '.', hex(64)] },
  { rule: 'asana_token', prefixes: ['0/', '1/', '2/'], body: [digits(12, 20), ':', hex(32)] },
  { rule: 'contentful_token', prefixes: ['CFPAT-'], body: [url(43)] },
  { rule: 'typeform_token', prefixes: ['tfp_'], body: [{ of: 'A-Za-z0-9._-', min: 40, max: 60 }] },
  { rule: 'readme_key', prefixes: ['rdme_'], body: [lower(70)] },
  { rule: 'adafruit_key', prefixes: ['aio_'], body: [alnum(28)] },
  { rule: 'hubspot_token', prefixes: ['pat-na1-', 'pat-eu1-', 'pat-na2-'], body: uuid },
  { rule: 'mapbox_secret', prefixes: ['sk.eyJ'], body: [url(40, 120), '.', url(20, 24)] },
  { rule: 'posthog_key', prefixes: ['phx_'], body: [alnum(40, 48)] },
  { rule: 'cloudflare_ca_key', prefixes: ['v1.0-'], body: [hex(24), '-', hex(146)] },
  { rule: 'dropbox_token', prefixes: ['sl.'], body: [url(130, 1300)] },
  { rule: 'facebook_token', prefixes: ['EAA'], body: [alnum(81, 301)] },
  // Twenty zero digits of base64, then an id and a secret, with an escaped sign between them.
  {
    rule: 'twitter_token',
    prefixes: ['A'.repeat(20)],
    body: [alnum(1), { of: 'A-Za-z0-9%', min: 19, max: 79 }, '%3D', alnum(40, 60)],
  },
  { rule: 'frameio_token', prefixes: ['fio-u-'], body: [url(64)] },
  {
    rule: 'jwt',
    prefixes: ['eyJ'],
    body: [url(10, 4_000), '.', 'eyJ', url(8, 11_000), '.', url(20, 1_400)],
    check: (token) => isJsonWith(token.slice(0, token.indexOf('.')), ['alg']),
    failed: 'drop',
  },
]
