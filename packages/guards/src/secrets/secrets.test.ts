import { describe, expect, it } from 'vitest'
import type { DetectorContext, Verdict } from '../detector.ts'
import { drawn, sampleKey, samplePrivateKey, seededRandom } from '../testing/sample-key.ts'
import { formats } from './key-formats.ts'
import { secretRules, secrets, type SecretsOptions } from './secrets.ts'

const context: DetectorContext = { stage: 'input', signal: undefined }
const check = (text: string, options: SecretsOptions = {}): Verdict => secrets(options).check(text, context) as Verdict
/** What was found, by rule: `rule: the text`. */
const found = (text: string, options?: SecretsOptions): string[] =>
  check(text, options).spans.map(({ rule, start, end }) => `${rule}: ${text.slice(start, end)}`)

const random = seededRandom(7)
const password = `Tr0ub${'4dor'}!`
const opaque = drawn('A-Za-z0-9', 40, random)
const hex = (count: number): string => drawn('0-9a-f', count, random)
const userAndPassword = btoa(`bob:${password}`)

const drawnOnes = {
  rails: hex(128),
  session: hex(64),
  uuid: [8, 4, 4, 4, 12].map(hex).join('-'),
  signature: encodeURIComponent(btoa(drawn(' -~', 32, random))),
  bot: drawn('A-Za-z0-9', 33, random),
  mailchimp: hex(32),
  newrelic: hex(32),
  maxmind: drawn('A-Za-z0-9', 29, random),
  atlas: drawn('A-Za-z0-9', 67, random),
  putty: `${drawn('A-Za-z0-9+/', 64, random)}\r\n${drawn('A-Za-z0-9+/', 30, random)}==`,
}

describe('secrets', () => {
  it.each(formats.map((format) => [`${format.rule} ${format.prefixes[0]}`, format] as const))(
    'finds %s',
    (_, format) => {
      for (let turn = 0; turn < 20; turn += 1) {
        const key = sampleKey(format, random)
        for (const text of [
          key,
          `Use ${key} please.`,
          `KEY="${key}"`,
          `first line\\n${key}\\nlast`,
          `(${key})`,
          `${key}\n${key}`,
        ])
          expect(check(text).spans[0], `${key} in ${text}`).toMatchObject({
            start: text.indexOf(key) + (format.kept ?? 0),
            end: text.indexOf(key) + key.length,
            rule: format.rule,
          })
      }
    },
  )

  it('finds keys between underscores, and in escapes', () => {
    for (const format of formats) {
      const key = sampleKey(format, random).replace(/_$/, '7')
      for (const [before, after] of [
        ['_', '_'],
        ['__', '__'],
        ['see __', '__, and'],
        ['________', '!'],
        ['\\n', '\\n'],
        ['\\"', '\\"'],
        ['\\u0022', '\\u0022'],
        ['\\t_', '_\\r'],
        ['%7B', '%7D'],
      ])
        expect(check(before + key + after).spans, before + key + after).toMatchObject([
          { start: (before as string).length + (format.kept ?? 0), end: (before as string).length + key.length },
        ])
    }
  })

  it('takes a key with an underscore before or after it for a part of a name only where a letter or digit follows', () => {
    const key = sampleKey(
      formats.find(({ rule }) => rule === 'npm_token')!,
      random,
    )
    const named = `a_${key} ${key}_a ${key}__9 _________${key}`
    expect(found(`${named} ${key}-a ${key}____`)).toEqual([`npm_token: ${key}`, `npm_token: ${key}`])
    expect(found(`_sk-proj-${opaque}__`)).toEqual([`openai_key: sk-proj-${opaque}_`])
  })

  it('is surer of a key whose checksum is right, and drops what only looks like a token with a structure', () => {
    const github = formats.find(({ rule, check }) => rule === 'github_token' && check)!
    const key = sampleKey(github, random)
    expect(check(key).score).toBe(1)
    expect(check(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`).score).toBe(0.8)
    const jwt = formats.find(({ rule }) => rule === 'jwt')!
    const [header, ...rest] = sampleKey(jwt, random).split('.')
    expect(found([`${header?.slice(0, -2)}!!`, ...rest].join('.'))).toEqual([])
    expect(found(`eyJ${drawn('a-z', 20, random)}.eyJ${drawn('a-z', 20, random)}.${drawn('a-z', 30, random)}`)).toEqual(
      [],
    )
  })

  it.each(['', 'RSA', 'EC', 'OPENSSH', 'ENCRYPTED'])('finds a %s private key', (kind) => {
    for (const newline of ['\n', '\r\n', '\\n']) {
      const key = samplePrivateKey(kind, 12, random, newline)
      expect(found(`key: ${key} end`)).toEqual([`private_key: ${key}`])
      expect(found(`{"private_key": "${key}"}`)).toEqual([`private_key: ${key}`])
    }
  })

  it('finds a private key that is cut off, and none where there is only its header', () => {
    const key = samplePrivateKey('RSA', 6, random)
    const cut = key.slice(0, key.indexOf('\n-----END'))
    expect(found(cut)).toEqual([`private_key: ${cut}`])
    for (const text of [
      '-----BEGIN PRIVATE KEY-----',
      '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----',
    ])
      expect(found(text)).toEqual([])
    expect(found(samplePrivateKey('', 3, random).replaceAll('PRIVATE', 'PUBLIC'))).toEqual([])
  })

  it.each([
    [`postgres://app:${password}@db.internal:5432/app`, `connection_password: ${password}`],
    [`mongodb+srv://u:${password}@c.example.net`, `connection_password: ${password}`],
    [`https://ci:${opaque}@git.example.com/x.git`, `connection_password: ${opaque}`],
    [`password: ${password}`, `password: ${password}`],
    [`The admin password is ${password}.`, `password: ${password}`],
    [`{"db_password": "${password}"}`, `password: ${password}`],
    [`{\\"password\\":\\"${password}\\"}`, `password: ${password}`],
    [`{"log":"all is well\\npassword: ${password}\\nAPI_KEY=a"}`, `password: ${password}`],
    [`<password>${password}</password>`, `password: ${password}`],
    [`psql --password ${password}`, `password: ${password}`],
    [`client_secret = '${opaque}'`, `labelled_secret: ${opaque}`],
    [`export ACME_API_KEY_PROD=${opaque}`, `labelled_secret: ${opaque}`],
    [`acmeApiKey: "${opaque}",`, `labelled_secret: ${opaque}`],
    [`API key:\n\`\`\`\n${opaque}\n\`\`\``, `labelled_secret: ${opaque}`],
    [`Authorization: Bearer ${opaque}`, `bearer_token: ${opaque}`],
    [`Authorization: Basic ${btoa(`admin:${password}`)}`, `basic_auth: ${btoa(`admin:${password}`)}`],
    [`https://a.example/?api_key=${opaque}&x=1`, `labelled_secret: ${opaque}`],
    [`**API key:** ${opaque}`, `labelled_secret: ${opaque}`],
    [`**API_KEY=${opaque}**`, `labelled_secret: ${opaque}`],
    [`__Password:__ ${password}`, `password: ${password}`],
    [`| user | bob |\n| **password** | \`${password}\` |`, `password: ${password}`],
    [`secret_key_base: ${drawnOnes.rails}`, `labelled_secret: ${drawnOnes.rails}`],
    [`Set-Cookie: theme=dark; session=${drawnOnes.session}; HttpOnly`, `labelled_secret: ${drawnOnes.session}`],
    [`{"auths":{"r.io":{"auth":"${userAndPassword}"}}}`, `basic_auth: ${userAndPassword}`],
    [`_auth=${userAndPassword}`, `basic_auth: ${userAndPassword}`],
    [`//r.example/:_authToken=${drawnOnes.uuid}`, `labelled_secret: ${drawnOnes.uuid}`],
    [`HEROKU_API_KEY=${drawnOnes.uuid}`, `labelled_secret: ${drawnOnes.uuid}`],
    [`curl -s -u admin:${password} https://a.example`, `password: ${password}`],
    [`curl --user 'admin:${password}' https://a.example`, `password: ${password}`],
    [`machine a.example\n  login bob\n  password ${password}`, `password: ${password}`],
    [`db.example:5432:app:bob:${password}`, `password: ${password}`],
    [`sshpass -p ${password} ssh a.example`, `password: ${password}`],
    [`https://a.blob.core.windows.net/c?sv=1&sig=${drawnOnes.signature}&se=2`, `azure_sas: ${drawnOnes.signature}`],
    [
      `https://api.telegram.org/bot7123456789:AA${drawnOnes.bot}/getMe`,
      `telegram_token: 7123456789:AA${drawnOnes.bot}`,
    ],
    [`the key ${drawnOnes.mailchimp}-us21.`, `mailchimp_key: ${drawnOnes.mailchimp}-us21`],
    [`license_key: '${drawnOnes.newrelic}FFFFNRAL'`, `newrelic_key: ${drawnOnes.newrelic}FFFFNRAL`],
    [`a1B2c3_${drawnOnes.maxmind}_mmk`, `maxmind_key: _${drawnOnes.maxmind}_mmk`],
    [`_a1B2c3d4E5f6g7.atlasv1.${drawnOnes.atlas}_`, `terraform_token: .atlasv1.${drawnOnes.atlas}`],
    [`Private-Lines: 2\r\n${drawnOnes.putty}\r\nPrivate-MAC: 12`, `private_key: ${drawnOnes.putty}`],
  ])('finds the secret in %s', (text, expected) => {
    expect(found(text)).toEqual([expected])
  })

  it.each([
    'postgres://user:password@localhost/db',
    'postgres://app:${DB_PASSWORD}@db/x',
    'https://example.com:8443/@scope/name',
    'api_key = YOUR_API_KEY',
    'OPENAI_API_KEY=sk-your-key-here-1234567890',
    `password: process.env.DB_PASSWORD1`,
    'password = getpass1("x")',
    'The password is required to have 8 characters.',
    'max_tokens: 4096, token_count = 1234567890123456',
    `public_key: ${drawn('A-Za-z0-9', 40, random)}`,
    `secret_name: ${drawn('A-Za-z0-9', 40, random)}`,
    'token: 550e8400-e29b-41d4-a716-446655440000',
    'secret: https://vault.example.com/v1/kv/data/app1',
    'const token = tokens[index1234567890123]',
    `AKIA${'IOSFODNN7EXAMPLE'}`,
    'App key: Ctrl+Shift+Alt+F12',
    `Authorization: Basic ${btoa('username:password')}`,
    'def test_token_returns_401_when_api_key_is_missing(self): __init__',
    'napi_create_reference_with_finalizer rnd_generator_state_of_a_worker fw_updateFirmwareOfTheDevice',
    `build_${drawn('0-9a-f', 32, random)}_us21.log _${drawn('0-9a-f', 40, random)}_`,
    '| password | varchar(64) | hashed |\n| Password | Type2 |\n| password | ENC_AES256 |',
    '| api_key | a_name_of_a_column_of_a_table |',
    'Cookie: theme=dark-mode-of-2026; _ga=GA1.2.1234567890.1234567890',
    '"auth": "required", auth=none, width: 100px',
    'docker run -u node:node18 -p 5432:5432 x',
    'localhost:5432:app:public at src/x.ts:5123:12:34',
    'login page password reset2024',
    `sig=${drawn('0-9a-f', 64, random)}`,
    'ratio 12345678:AAPL at 10:00:00',
    'https://api.telegram.org/bot<token>/getMe',
    'Private-Lines: 2\nof a poem\n',
    `Private-Lines: 2\nPrivate-MAC: ${drawn('0-9a-f', 64, random)}`,
    `ghp_${'x'.repeat(36)}`,
    `sk-${'1234567890abcdefghijklmnopqrstuvwxyz'}`,
    'Our API key rotation policy: every-90-days-or-sooner',
  ])('finds nothing in %s', (text) => {
    expect(found(text)).toEqual([])
  })

  it('has no hit on what is drawn at random without being secret', () => {
    const draw = (of: string, count: number): string => drawn(of, count, random)
    const uuid = (): string => [8, 4, 4, 4, 12].map((count) => draw('0-9a-f', count)).join('-')
    const lines = Array.from({ length: 400 }, (_, index) => [
      `id ${uuid()} {"id":"${uuid()}","request_id":"${uuid()}"}`,
      `commit ${draw('0-9a-f', 40)} and ${draw('0-9a-f', 64)} (${draw('0-9a-f', 7)})`,
      `"integrity": "sha512-${draw('A-Za-z0-9+/', 86)}==", resolution: {integrity: sha1-${draw('A-Za-z0-9+/', 27)}=}`,
      `checksum = "${draw('0-9a-f', 64)}"  h1:${draw('A-Za-z0-9+/', 43)}= --hash=sha256:${draw('0-9a-f', 64)}`,
      `![x](data:image/png;base64,iVBORw0KGgo${draw('A-Za-z0-9+/', 2_000)}==)`,
      `etag: W/"${draw('0-9a-f', 32)}", trace ${draw('0-9a-f', 32)}-${draw('0-9a-f', 16)}, order ${index}${draw('0-9', 14)}`,
    ])
    expect(lines.flat().flatMap((line) => found(line))).toEqual([])
  })

  it('tells nothing of a secret: verdicts hold a masked preview and a fingerprint', () => {
    const key = sampleKey(
      formats.find(({ rule }) => rule === 'stripe_key')!,
      random,
    )
    const verdict = check(`${key} and postgres://app:${password}@db/x and ${key}`)
    const [first, connection, second] = verdict.spans
    expect(first).toMatchObject({ preview: `${key.slice(0, 3)}•••`, replacement: '[STRIPE_KEY]' })
    expect(connection?.preview).toBe('•••')
    expect(first?.fingerprint).toBe(second?.fingerprint)
    expect(JSON.stringify(verdict)).not.toContain(key.slice(3, 12))
    expect(JSON.stringify(verdict)).not.toContain(password.slice(0, 4))
    expect(verdict).toMatchObject({
      rules: ['connection_password', 'stripe_key'],
      explanation: '1 connection_password, 2 stripe_key',
    })
  })

  it('does what it is told', () => {
    const text = `password: ${password}, client_secret: ${opaque}`
    expect(check(text, { mode: 'block' })).toMatchObject({ action: 'block', tier: 'warn' })
    expect(check(text, { mode: 'warn' }).action).toBe('warn')
    expect(found(text, { labelled: false })).toEqual([])
    expect(found(text, { except: ['password'] })).toEqual([`labelled_secret: ${opaque}`])
    const salt = 'sixteen characters or more'
    const allow = check(text, { salt }).spans.map(({ fingerprint }) => fingerprint as string)
    expect(check(text, { salt, allow }).action).toBe('allow')
    expect(check(text, { salt, allow: allow.slice(1) }).spans).toHaveLength(1)
  })

  it('lists its rules', () => {
    expect(secretRules.length).toBeGreaterThan(90)
    expect(secretRules).toContain('anthropic_key')
  })

  it.each<[unknown, RegExp]>([
    [{ mode: 'hide' }, /mode of secrets\(\)/],
    [{ labelled: 'yes' }, /labelled/],
    [{ except: ['pasword'] }, /names no rule: "pasword"/],
    [{ allow: ['0123456789abcdef'] }, /needs the salt/],
    [{ allow: ['zz'] }, /16 hex digits/],
    [{ salt: 'short' }, /salt/],
    [{ entities: [] }, /no option "entities"/],
    [null, /takes an object/],
  ])('refuses %j', (options, message) => {
    expect(() => secrets(options as SecretsOptions)).toThrow(
      expect.objectContaining({ code: 'config.option', message: expect.stringMatching(message) }),
    )
  })
})
