import { describe, expect, it } from 'vitest'
import { compareReadings } from './compare-readings.ts'
import { readText } from './read-text.ts'
import type { VetoKind } from './veto.ts'

function check(prompt: string, neighbour: string): ReturnType<typeof compareReadings> {
  return compareReadings(readText(prompt), readText(neighbour))
}

function kinds(prompt: string, neighbour: string): readonly VetoKind[] {
  return check(prompt, neighbour).vetoes.map(({ kind }) => kind)
}

/** Of every kind, pairs that differ in nothing else. */
const different: readonly (readonly [VetoKind, string, string])[] = [
  ['number', 'Give me 3 examples of mammals', 'Give me four examples of mammals'],
  ['number', 'Symptoms of type 1 diabetes', 'Symptoms of type 2 diabetes'],
  ['number', 'What is the 95th percentile?', 'What is the 99th percentile?'],
  ['number', 'Track order 48213', 'Track order 48231'],
  ['date', 'Who won the World Cup in 2014?', 'Who won the World Cup in 2018?'],
  ['date', 'Are you open on Saturday?', 'Are you open on Sunday?'],
  ['date', 'What is due on 5 January?', 'What is due on 6 January?'],
  ['time', 'Is the 9:15 train on time?', 'Is the 9:45 train on time?'],
  ['time', 'Does the shop open at 7am?', 'Does the shop open at 7pm?'],
  ['unit', 'How far is 5 km?', 'How far is 5 miles?'],
  ['unit', 'How long do I roast a 1kg chicken?', 'How long do I roast a 2kg chicken?'],
  ['unit', 'What is 15% of the price?', 'What is 50% of the price?'],
  ['currency', 'What is $5 in yen?', 'What is £5 in yen?'],
  ['currency', 'Can I send 100 USD?', 'Can I send 1000 USD?'],
  ['version', 'Is Node 20 supported?', 'Is Node 22 supported?'],
  ['version', 'What is new in v1.2.0?', 'What is new in v1.3.0?'],
  ['code', 'What does getUserById do?', 'What does getUserByName do?'],
  ['code', 'List files with -a', 'List files with -l'],
  ['code', 'What is 5 + 3?', 'What is 5 * 3?'],
  ['url', 'Summarise https://a.example/x', 'Summarise https://a.example/y'],
  ['entity', 'What is the capital of Spain?', 'What is the capital of Portugal?'],
  ['entity', 'python list comprehension', 'javascript list comprehension'],
  ['entity', 'Who wrote Wuthering Heights?', 'Who wrote Jane Eyre?'],
  ['negation', 'Which plans include calls?', "Which plans don't include calls?"],
  ['negation', 'Is it ok to rest after surgery?', 'Is it ok not to rest after surgery?'],
  ['antonym', 'How do I enable dark mode?', 'How do I disable dark mode?'],
  ['antonym', 'How do I turn on 2FA?', 'How do I turn off 2FA?'],
  ['antonym', 'Is it safe?', 'Is it unsafe?'],
  ['antonym', 'How do I lock my card?', 'How do I unlock my card?'],
  ['degree', 'How can I be more careful at work?', 'How can I be less careful at work?'],
  ['degree', 'Who is the older brother?', 'Who is the oldest brother?'],
  ['question', 'How was the bridge built?', 'Why was the bridge built?'],
  ['question', 'When does the train leave?', 'Where does the train leave?'],
  ['scope', 'Can I eat before the test?', 'Can I eat after the test?'],
  ['scope', 'Which are all the primes below 10?', 'Which are some primes below 10?'],
  ['scope', 'Do I only need a visa?', 'Do I need a visa?'],
  ['scope', 'Is Ann a doctor and a teacher?', 'Is Ann a doctor or a teacher?'],
  ['direction', 'How do I fly from Paris to London?', 'How do I fly from London to Paris?'],
  ['direction', 'Does Amy love Bob?', 'Does Bob love Amy?'],
  ['direction', 'What are the effects of sleep on memory?', 'What are the effects of memory on sleep?'],
  ['direction', 'Was the land left by Kelly?', 'Was Kelly left by the land?'],
  ['direction', 'Did he reject her?', 'Did she reject him?'],
  ['person', 'How old is he?', 'How old is she?'],
  ['tense', 'Is Ann Smith a nurse?', 'Did Ann Smith use to be a nurse?'],
  ['word', "My pin isn't here yet", "My card isn't here yet"],
  ['word', 'How do I cook rice in a pressure cooker?', 'How do I cook quinoa in a pressure cooker?'],
  ['word', 'How do I find my PIN?', 'How do I use my PIN?'],
  ['modifier', 'How do I open a bank account?', 'How do I open a joint bank account?'],
  ['language', 'Wie kann ich mein Konto löschen?', 'How can I delete my account?'],
]

/** Pairs that ask the same in other words, or spell a value in another way. */
const same: readonly (readonly [string, string])[] = [
  ['How do I reset my password?', 'how can i reset my password'],
  ['How do I reset my password?', 'Hi team, could you please tell me how to reset my password? Thanks!'],
  ['What is $5k in yen?', 'What is 5,000 dollars in JPY?'],
  ['How far is 5 km?', 'How far is 5000 m?'],
  ['Give me three examples of mammals', 'Give me 3 examples of mammals'],
  ['two dozen eggs price', '24 eggs price'],
  ['Is the shop open at 5pm?', 'Is the shop open at 17:00?'],
  ['What happened on Jan 5, 2024?', 'What happened on 2024-01-05?'],
  ['What changed from v1.2.0 to v2?', 'What changed from v1.2 to v2.0?'],
  ['Convert 3/4 cup to ml', 'Convert 0.75 cups to ml'],
  ['What is 10 divided by 2?', 'What is 10 / 2?'],
  ['What is the population of NYC?', 'What is the population of New York City?'],
  ['What is the GDP of the USA?', 'What is the GDP of the United States?'],
  ['How do I enable dark mode?', 'How do I turn on dark mode?'],
  ['How do I buy a car?', 'How do I purchase an automobile?'],
  ['Is Tom married to Ann?', 'Is Ann married to Tom?'],
  ['Should I buy or rent?', 'Should I rent or buy?'],
  ['Did Kelly leave the land?', 'Was the land left by Kelly?'],
  ['How can I be more careful?', 'How can I be less careless?'],
  ['Why was my card declined?', 'My card was declined'],
  ["Why didn't my payment work?", "Could you tell me why my payment didn't work?"],
  ['What is the colour of the sky?', 'What is the color of the sky?'],
  ['How do I acivate my card?', 'How do I activate my card?'],
  ['How do I set up voicemail on my phone?', 'On my phone, how do I set up voicemail?'],
  ["What's the deadline for the tax return?", 'When is the deadline for the tax return?'],
  ['How long does a transfer take?', 'How many days does a transfer take?'],
]

describe('compareReadings: vetoes', () => {
  it.each(different)('%s: %s | %s', (kind, prompt, neighbour) => {
    expect(kinds(prompt, neighbour)).toContain(kind)
  })

  it.each(same)('none: %s | %s', (prompt, neighbour) => {
    expect(check(prompt, neighbour).vetoes).toEqual([])
  })

  it('names the kind and the canonical values of either side', () => {
    expect(check('How far is 5 km?', 'How far is 6000 m?')).toEqual({
      vetoes: [{ kind: 'unit', prompt: ['5000 m'], neighbour: ['6000 m'] }],
      isUnread: false,
    })
  })

  it('keeps each side on its side, whichever comes first', () => {
    const [veto] = check('Does Amy love Bob?', 'Does Bob love Amy?').vetoes
    const [turned] = check('Does Bob love Amy?', 'Does Amy love Bob?').vetoes
    expect([turned?.prompt, turned?.neighbour]).toEqual([veto?.neighbour, veto?.prompt])
  })

  it('takes a value that one side lacks for a difference, but not `a` for `one`', () => {
    expect(kinds('Who was king in 1066?', 'Who was king?')).toContain('date')
    expect(kinds('Can I bring one bag?', 'Can I bring a bag?')).toEqual([])
  })

  it('does not count a greeting, but does where it is asked about', () => {
    expect(kinds('Hello, how do I reset it?', 'How do I reset it?')).toEqual([])
    expect(kinds('How do you say hello in French?', 'How do you say thanks in French?')).toContain('word')
  })

  it('compares closing questions alone where they stand on their own', () => {
    const question = 'How do I treat a burn from hot oil?'
    expect(
      kinds(`I was frying eggs and got a burn. ${question}`, `My son made fries and got a burn. ${question}`),
    ).toEqual([])
    const pointing = 'How do I treat it?'
    expect(kinds(`I got a burn. ${pointing}`, `I got a bite. ${pointing}`)).not.toEqual([])
  })
})

describe('compareReadings: texts that cannot be read', () => {
  it('abstains on the words of other languages and still compares their values', () => {
    expect(check('Wie kann ich mein Konto löschen?', 'Wie kann ich mein Konto sperren?')).toEqual({
      vetoes: [],
      isUnread: true,
    })
    expect(kinds('Was kostet das für 5 kg?', 'Was kostet das für 6 kg?')).toEqual(['unit'])
    expect(kinds('كم سعر ٥ كتب', 'كم سعر ٦ كتب')).toEqual(['number'])
    expect(kinds('これは 2024-01-05 ですか', 'これは 2024-01-06 ですか')).toEqual(['date'])
  })

  it('vetoes code that differs in a name or a sign', () => {
    const code = 'for (let i = 0; i < n; i++) { sum += a[i] * b[i]; }'
    expect(check(code, code)).toEqual({ vetoes: [], isUnread: true })
    expect(kinds(code, code.replace('sum +=', 'sum -='))).toEqual(['code'])
    expect(kinds(code, code.replaceAll('sum', 'all'))).toEqual(['code'])
  })

  it('vetoes long texts unless they are the same but for case and white space', () => {
    const document = 'The parties agree that the seller delivers the goods to the buyer. '.repeat(90)
    const question = 'What must the seller do?'
    expect(check(document + question, document.toUpperCase() + question)).toEqual({ vetoes: [], isUnread: true })
    expect(check(document + question, document + question.replace('seller', 'buyer'))).toEqual({
      vetoes: [{ kind: 'long', prompt: [], neighbour: [] }],
      isUnread: true,
    })
    expect(kinds(document + question, question)).toEqual(['long'])
  })

  it('abstains on readings of other rules', () => {
    const old = { ...readText('Is it safe?'), version: 0 }
    expect(compareReadings(old, readText('Is it unsafe?'))).toEqual({ vetoes: [], isUnread: true })
  })
})
