import type { QuestionPair } from './semantic-data.ts'

/** Two sentences that differ in one slot. `same` lists spellings of one value, `other` one with another answer. */
interface Slot {
  readonly frames: readonly string[]
  readonly values: readonly { readonly same: readonly [string, string]; readonly other: string }[]
}

const slots: readonly Slot[] = [
  {
    frames: [
      'How do I export the report for {}?',
      'Which fees were charged in {} according to the price list?',
      'What did the standard say in {}?',
    ],
    values: [
      { same: ['2023', '2023'], other: '2024' },
      { same: ['March 2022', 'march 2022'], other: 'May 2022' },
      { same: ['1 April 2021', 'April 1, 2021'], other: '1 April 2022' },
    ],
  },
  {
    frames: [
      'Is a parcel of {} too heavy for the small box?',
      'How much is the postage for {} of paper?',
      'Can the shelf carry {}?',
    ],
    values: [
      { same: ['5 kg', '5000 g'], other: '50 kg' },
      { same: ['2 kilograms', '2 kg'], other: '2 pounds' },
      { same: ['ten kg', '10 kg'], other: '10 g' },
    ],
  },
  {
    frames: [
      'What is the fee for a transfer of {} abroad?',
      'Is there a discount for orders over {}?',
      'Which limit applies to payments of {}?',
    ],
    values: [
      { same: ['$500', '500 USD'], other: '€500' },
      { same: ['1,000 euros', 'EUR 1000'], other: '10,000 euros' },
      { same: ['5k dollars', '$5,000'], other: '$50,000' },
    ],
  },
  {
    frames: [
      'How do I install version {} of the driver?',
      'What changed in release {}?',
      'Does plugin {} support dark mode?',
    ],
    values: [
      { same: ['v2.1', '2.1'], other: '2.10' },
      { same: ['3.0.1', 'v3.0.1'], other: '3.1.0' },
      { same: ['1.18', '1.18'], other: '1.19' },
    ],
  },
  {
    frames: [
      'How do I {} notifications on the phone?',
      'What happens when I {} two-factor sign-in?',
      'Where can one {} the backup?',
    ],
    values: [
      { same: ['turn on', 'switch on'], other: 'turn off' },
      { same: ['enable', 'activate'], other: 'disable' },
    ],
  },
  {
    frames: ['Which plans {} include phone support?', 'Why {} the battery last long in winter?'],
    values: [
      { same: ['do', 'do'], other: 'do not' },
      { same: ['does', 'does'], other: "doesn't" },
    ],
  },
  {
    frames: ['How do I convert a file from {}?', 'What is the fastest way from {}?', 'How does one translate from {}?'],
    values: [
      { same: ['PDF to Word', 'PDF to Word'], other: 'Word to PDF' },
      { same: ['Berlin to Munich', 'Berlin to Munich'], other: 'Munich to Berlin' },
      { same: ['French to German', 'French to German'], other: 'German to French' },
    ],
  },
  {
    frames: [
      'What is the visa rule for visitors from {}?',
      'How do I call a number in {}?',
      'Is {} part of the free shipping zone?',
    ],
    values: [
      { same: ['the United States', 'the USA'], other: 'the United Kingdom' },
      { same: ['Austria', 'Austria'], other: 'Australia' },
      { same: ['the UK', 'the United Kingdom'], other: 'Ukraine' },
    ],
  },
  {
    frames: ['What does the error {} mean?', 'How do I fix {} in the build?', 'Where is {} documented?'],
    values: [
      { same: ['E1042', 'E1042'], other: 'E1024' },
      { same: ['`getUserById`', '`getUserById`'], other: '`getUserByName`' },
      { same: ['HTTP 404', 'HTTP 404'], other: 'HTTP 403' },
    ],
  },
  {
    frames: [
      'Can I take the exam {} the course?',
      'Should the form be sent {} the interview?',
      'May children enter {} noon?',
    ],
    values: [
      { same: ['before', 'prior to'], other: 'after' },
      { same: ['after', 'after'], other: 'before' },
    ],
  },
  {
    frames: ['What is the {} speed on this road?', 'What is the {} age for an account?', 'Which is the {} deposit?'],
    values: [
      { same: ['maximum', 'highest'], other: 'minimum' },
      { same: ['lowest', 'minimum'], other: 'highest' },
    ],
  },
  {
    frames: [
      'Must {} members renew in writing?',
      'Are {} rooms free of smoke?',
      'Do {} tickets allow a change of seat?',
    ],
    values: [
      { same: ['all', 'all'], other: 'some' },
      { same: ['only adult', 'only adult'], other: 'all adult' },
    ],
  },
]

/** What may be said around a question without changing it. */
const manners: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `Hi, ${text}`,
  (text) => `${text} Thanks!`,
  (text) => text.replace(/\?$/, ''),
  (text) => text.toLowerCase(),
  (text) => `Please tell me: ${text}`,
]

/** Pairs that differ in one value, or in its spelling and in manners only; up to `each` of both kinds a slot. */
export function minimalPairs(random: () => number, each: number): QuestionPair[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const pairs = new Map<string, QuestionPair>()
  for (const { frames, values } of slots)
    for (let count = 0; count < each; count += 1) {
      const [frame, value] = [pick(frames), pick(values)]
      const said = (text: string): string => {
        const manner = pick(manners)
        // The case of an identifier is a part of it.
        return (text.includes('`') ? (asked: string) => asked : manner)(frame.replace('{}', text))
      }
      const [one, two] = random() < 0.5 ? value.same : [value.same[1], value.same[0]]
      for (const pair of [
        { a: said(one), b: said(value.other), same: false },
        { a: said(value.other), b: said(one), same: false },
        { a: said(one), b: said(two), same: true },
      ])
        if (pair.a !== pair.b) pairs.set(`${pair.a} ${pair.b}`, pair)
    }
  return [...pairs.values()]
}
