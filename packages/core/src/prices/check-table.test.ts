import { expect, it } from 'vitest'
import { createPriceBook } from './index.ts'

const table = (model: unknown, more: object = {}): object => ({
  source: 's',
  checkedAt: '2026-11-01',
  models: { m: model },
  ...more,
})

it.each<[unknown, string]>([
  [
    table({ prices: { fresh: NaN } }),
    'sources[0].models["m"].prices.fresh must be USD per million tokens from 0 to 1000000, got NaN.',
  ],
  [table({ prices: { fresh: -1 } }), 'got -1.'],
  [table({ prices: { fresh: Infinity } }), 'got Infinity.'],
  [table({ prices: { fresh: '3' } }), 'got "3".'],
  [table({ prices: { fresh: 3_000_000 } }), 'got 3000000.'],
  [table({ prices: { request: 1001 } }), 'USD per request from 0 to 1000'],
  [
    table({ prices: { input: 3 } }),
    'sources[0].models["m"].prices has no field "input". Its fields are fresh, cacheRead',
  ],
  [table({}), 'prices must be an object with fresh'],
  [table(null), 'sources[0].models["m"] must be an object'],
  [table({ prices: {}, price: 1 }), 'has no field "price"'],
  [table({ prices: {}, aliases: ['*'] }), 'aliases[0] must be a name of the model'],
  [table({ prices: {}, aliases: 'x' }), 'aliases must be a list'],
  [table({ prices: {}, effectiveFrom: '2026-02-30' }), 'effectiveFrom must be a day YYYY-MM-DD'],
  [table({ prices: {}, effectiveFrom: '2026-02-20T00:00:00' }), 'an ISO instant with a time zone'],
  [table({ prices: {}, hoursUtc: { from: '24:00', to: '01:00' } }), 'hoursUtc.from must be a time HH:MM'],
  [
    table({ prices: {}, longPrompts: [{ aboveTokens: 0.5, prices: {} }] }),
    'longPrompts[0].aboveTokens must be whole tokens',
  ],
  [table({ prices: {}, longPrompts: [{ above: 1, prices: {} }] }), 'longPrompts[0] has no field "above"'],
  [table({ prices: {}, batch: 0.5 }), 'batch must be an object with prices, longPrompts, got 0.5'],
  [table({ prices: {}, batch: { times: -0.5 } }), 'batch.times must be a factor from 0 to 100'],
  [table({ prices: {}, serviceTiers: { flex: { prices: { x: 1 } } } }), 'serviceTiers["flex"].prices has no field "x"'],
  [table({ prices: {}, changes: [{ prices: {}, aliases: [] }] }), 'changes[0] has no field "aliases"'],
  [table({ prices: {}, checkedAt: 'yesterday' }), 'models["m"].checkedAt must be the day of the last check'],
  [table({ prices: {} }, { checkedAt: '2026-11-31' }), 'sources[0].checkedAt must be the day of the last check'],
  [table({ prices: {} }, { source: ' ' }), 'sources[0].source must be text'],
  [table({ prices: {} }, { currency: 'EUR' }), 'sources[0] has no field "currency"'],
  [{ source: 's', checkedAt: '2026-11-01' }, 'sources[0].models must be an object of prices by model name'],
  [{ source: 's', checkedAt: '2026-11-01', models: { ' ': { prices: {} } } }, 'must be listed under a model name'],
])('refuses %j', (one, message) => {
  expect(() => createPriceBook({ sources: [one as never] })).toThrow(
    expect.objectContaining({ code: 'config.prices', message: expect.stringContaining(message) as string }),
  )
})

it.each<[object, string]>([
  [{ source: [] }, 'createPriceBook() has no option "source". The options are sources, fetched'],
  [{ sources: {} }, 'sources of createPriceBook() must be a list of price tables, got {}'],
  [{ fetched: [{ tabel: 1 }] }, 'fetched[0] of createPriceBook() must be { table, signedOff? }'],
  [{ fetched: [{ table: table({ prices: {} }), signed: true }] }, 'has no field "signed"'],
  [
    { fetched: [{ table: table({ prices: {} }), signedOff: 1 }] },
    'signedOff of createPriceBook() must be true or false',
  ],
  [{ bundled: 'no' }, 'bundled of createPriceBook() must be true or false, got "no"'],
  [{ aliases: { a: 1 } }, 'aliases of createPriceBook() must be model names'],
  [
    { ceiling: { inputUsdPerMillion: 1 } },
    'ceiling.outputUsdPerMillion of createPriceBook() must be USD from 0 to 1000000, got undefined',
  ],
  [{ ceiling: { inputUsdPerMillion: NaN, outputUsdPerMillion: 1 } }, 'ceiling.inputUsdPerMillion of createPriceBook()'],
  [{ ceiling: { usd: 1 } }, 'ceiling of createPriceBook() has no field "usd"'],
  [{ maxAgeDays: -1 }, 'maxAgeDays of createPriceBook() must be days of at least 0, got -1'],
  [{ onWarning: 'log' }, 'onWarning of createPriceBook() must be a function, got "log"'],
])('refuses the options %j', (options, message) => {
  expect(() => createPriceBook(options)).toThrow(
    expect.objectContaining({ code: 'config.option', message: expect.stringContaining(message) as string }),
  )
})

it('checks fetched tables too', () => {
  expect(() => createPriceBook({ fetched: [{ table: table({ prices: { fresh: -1 } }) as never }] })).toThrow(
    /fetched\[0\]\.table\.models/,
  )
})
