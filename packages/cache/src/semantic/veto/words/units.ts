/** `base factor: spellings`. Values are turned into the base unit. */
const lists = `
m 1: m meter meters metre metres|m 1000: km kms kilometer kilometers kilometre kilometres|m 0.01: cm centimeter centimeters centimetre centimetres|m 0.001: mm millimeter millimeters millimetre millimetres
m 0.000001: um micrometer micrometers micron microns|m 1e-9: nm nanometer nanometers|m 1609.344: mi mile miles|m 0.9144: yd yard yards|m 0.3048: ft foot feet|m 0.0254: in inch inches|m 1852: nmi|m 9.4607e15: lightyear lightyears ly
g 1: g gram grams gramme grammes gm|g 1000: kg kgs kilo kilos kilogram kilograms|g 0.001: mg milligram milligrams|g 0.000001: mcg microgram micrograms|g 453.59237: lb lbs pound pounds|g 28.349523: oz ounce ounces|g 1000000: tonne tonnes|g 907184.74: ton tons|g 6350.29318: stone
l 1: l liter liters litre litres|l 0.001: ml milliliter milliliters millilitre millilitres cc|l 0.01: cl|l 0.1: dl|l 3.785412: gal gallon gallons|l 0.473176: pt pint pints|l 0.946353: quart quarts|l 0.24: cup cups|l 0.0147868: tbsp tablespoon tablespoons|l 0.00492892: tsp teaspoon teaspoons|l 0.0295735: floz
s 1: s sec secs second seconds|s 0.001: ms millisecond milliseconds|s 60: min mins minute minutes|s 3600: h hr hrs hour hours|s 86400: d day days|s 604800: wk wks week weeks|s 1209600: fortnight fortnights
mo 1: mo mos month months|mo 12: yr yrs year years|mo 120: decade decades|mo 1200: century centuries|mo 3: quarters
B 1: byte bytes|B 1000: kb kilobyte kilobytes|B 1000000: mb megabyte megabytes|B 1e9: gb gigabyte gigabytes gigs gig|B 1e12: tb terabyte terabytes|B 1024: kib|B 1048576: mib|B 1073741824: gib|bit 1: bit bits|bit 1e6: mbit mbits megabit megabits|bit 1e9: gbit gigabit gigabits
bps 1e6: mbps|bps 1e9: gbps|bps 1e3: kbps|Hz 1: hz hertz|Hz 1e3: khz|Hz 1e6: mhz|Hz 1e9: ghz|W 1: w watt watts|W 1e3: kw kilowatt kilowatts|W 1e6: mw megawatt megawatts|J 1: j joule joules|J 1e3: kj|J 4184: kcal calorie calories cal cals|J 3.6e6: kwh|V 1: v volt volts|A 1: amp amps ampere amperes|ohm 1: ohm ohms
kmh 1: kph kmh|kmh 1.609344: mph|Pa 1: pa pascal|Pa 1e5: bar bars|Pa 6894.757: psi|mAh 1: mah|px 1: px pixel pixels|rpm 1: rpm|deg 1: deg degree degrees °|C 1: celsius centigrade c|F 1: fahrenheit f|K 1: kelvin|m2 1: sqm|m2 0.092903: sqft|m2 10000: hectare hectares ha|m2 4046.86: acre acres
% 1: % percent percentage pct|pp 1: permille`

export interface Unit {
  readonly base: string
  readonly factor: number
}

export const units: ReadonlyMap<string, Unit> = new Map(
  lists
    .trim()
    .split(/[|\n]/)
    .flatMap((line) => {
      const [head = '', spellings = ''] = line.split(':')
      const [base = '', factor = '1'] = head.trim().split(' ')
      return spellings
        .trim()
        .split(/\s+/)
        .map((spelling) => [spelling, { base, factor: Number(factor) }] as const)
    }),
)

/** Spellings that are units only right behind a number, or read otherwise too often: `5m` is 5 metres, `5 in` is a preposition. */
export const gluedUnits: ReadonlySet<string> = new Set(
  'm g l s h d b in c f k w v j a t bar stone second bit mo ft pa'.split(' '),
)

export const currencies: ReadonlyMap<string, string> = new Map(
  `USD:$ usd dollar dollars buck bucks us$|EUR:€ eur euro euros|GBP:£ gbp sterling quid|JPY:¥ jpy yen|INR:₹ inr rupee rupees rs|CNY:cny rmb yuan renminbi|CHF:chf franc francs|RUB:₽ rub ruble rubles rouble roubles|KRW:₩ krw won
AUD:aud|CAD:cad|NZD:nzd|SEK:sek krona|NOK:nok|DKK:dkk krone kroner|PLN:pln zloty|MXN:mxn peso pesos|BRL:brl real reais|ZAR:zar rand|TRY:try lira|BTC:₿ btc bitcoin bitcoins|ETH:eth ether|SGD:sgd|HKD:hkd|THB:thb baht|AED:aed dirham dirhams|cent:cent cents|penny:pence`
    .split(/[|\n]/)
    .flatMap((line) => {
      const [code = '', names = ''] = line.split(':')
      return names.split(' ').map((name) => [name, code] as const)
    }),
)
/** Currency names that are other words too: read as money only beside a number. */
export const vagueCurrencies: ReadonlySet<string> = new Set('won real rand try ether rs franc mark'.split(' '))

export const magnitudes: ReadonlyMap<string, number> = new Map([
  ...['k', 'thousand', 'thousands', 'grand'].map((word) => [word, 1e3] as const),
  ...['million', 'millions', 'mn', 'mio', 'mil'].map((word) => [word, 1e6] as const),
  ...['billion', 'billions', 'bn'].map((word) => [word, 1e9] as const),
  ...['trillion', 'trillions', 'tn'].map((word) => [word, 1e12] as const),
  ['hundred', 100],
  ['hundreds', 100],
  ['dozen', 12],
  ['lakh', 1e5],
  ['lakhs', 1e5],
  ['crore', 1e7],
  ['crores', 1e7],
])

const ones =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
export const smallNumbers: ReadonlyMap<string, number> = new Map([
  ...ones.map((word, value) => [word, value] as const),
  ...tens.map((word, index) => [word, (index + 2) * 10] as const),
])
export const ordinals: ReadonlyMap<string, number> = new Map([
  ...'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'
    .split(' ')
    .map((word, value) => [word, value] as const),
  ...'twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth'
    .split(' ')
    .map((word, index) => [word, (index + 2) * 10] as const),
  ['hundredth', 100],
  ['thousandth', 1000],
])
export const fractions: ReadonlyMap<string, number> = new Map([
  ['half', 0.5],
  ['halves', 0.5],
  ['thirds', 1 / 3],
  ['quarters', 0.25],
  ['fifths', 0.2],
  ['tenths', 0.1],
])

const months = 'january february march april may june july august september october november december'.split(' ')
export const monthNumbers: ReadonlyMap<string, number> = new Map([
  ...months.map((name, index) => [name, index + 1] as const),
  ...months.map((name, index) => [name.slice(0, 3), index + 1] as const),
  ['sept', 9],
])
/** Month names that are plain words too. */
export const vagueMonths: ReadonlySet<string> = new Set(['may', 'march', 'mar', 'dec', 'jan', 'august'])
export const weekdays: ReadonlyMap<string, string> = new Map(
  'monday tuesday wednesday thursday friday saturday sunday'
    .split(' ')
    .flatMap((day) =>
      [
        day,
        `${day}s`,
        day.slice(0, 3),
        ...(day === 'tuesday' ? ['tues'] : day === 'thursday' ? ['thur', 'thurs'] : []),
      ].map((name) => [name, day.slice(0, 3)] as const),
    ),
)
/** Weekday short forms that are plain words. */
export const vagueWeekdays: ReadonlySet<string> = new Set(['sun', 'sat', 'wed', 'mon'])
