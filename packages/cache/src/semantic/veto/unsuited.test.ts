import { describe, expect, it } from 'vitest'
import { unsuited } from './unsuited.ts'

const prompts = {
  act: [
    'Delete my account',
    'delete',
    'Please cancel my subscription.',
    'Can you transfer $50 to Sam?',
    'Could you please send an email to John?',
    'I want to cancel my order',
    'I need a refund',
    "I'd like my order cancelled",
    'My card was stolen. Please freeze it',
    'Turn off the kitchen lights',
    'set an alarm for 7am',
    'Change my address to 5 Main St',
    'book a table for two',
    'remind me to call mum',
    'find my last order and cancel it',
    'Hey, go ahead and delete all rows',
    'Lösche mein Konto',
    'take the dentist off my calendar',
    'We need oat milk on our shopping list',
    'If it is not on my shopping list, can you put it there?',
    'is milk on my shopping list, and if not could you add it',
    'This song needs to be added to my running playlist',
    'My last order must be cancelled',
    'I no longer need the table reservation',
    'our appointment on Monday is no longer necessary',
    'Give me a reminder for the meeting',
    "let's play some jazz",
    'I want to hear the new album',
    'I am in the mood for some music',
    'move 100 dollars to savings',
  ],
  me: [
    'What is my account balance?',
    "what's my balance",
    'Where is my order?',
    'When will my card arrive?',
    'Has my order shipped?',
    'show me my invoices',
    'Who am I?',
    'How many vacation days do I have left?',
    'Am I eligible for a refund?',
    'Is my account blocked?',
    'What do you know about me?',
  ],
  now: [
    "What's the weather in Paris?",
    'what is the latest iPhone',
    'What time is it?',
    'what is the time in Tokyo?',
    'Who won the game yesterday?',
    'Who is the current president of France?',
    'What is the exchange rate of USD to EUR?',
    'What should one do today?',
    'Is the shop open now?',
    'What happened this week?',
    'Wie ist das Wetter heute',
  ],
  none: [
    '',
    'How do I cancel my order?',
    'How do I reset my password?',
    'How do I check my last payment?',
    'Can I cancel my subscription?',
    'What happens if I delete my account?',
    'Could you tell me how to delete a file?',
    'I tried to transfer money and it failed',
    'Why is my internet slow?',
    'What is a current account?',
    'Explain alternating current',
    'Now, explain closures',
    'Change this sentence to the passive: The cat ate the mouse',
    'Remove duplicates from a list in Python',
    'Add 2 and 3',
    'Write an email to a landlord',
    "Translate 'delete the account' into French",
    'What is the capital of France?',
    'transfer fee',
    'Create a function that sends an email',
    'Is it safe to send money abroad?',
    'How do exchange rates work?',
    'Can you remind me how to spell necessary?',
    'How do I take an event off my calendar?',
    'Can I put an event in my calendar from an email?',
    'Does an order have to be cancelled by phone?',
    'Add a node to the list in Python',
    'I want to hear about the French Revolution',
    'Give me an example of a timer in JavaScript',
    'What must be deleted before an upgrade?',
  ],
}

describe('unsuited', () => {
  it.each(prompts.act)('an act: %s', (text) => expect(unsuited(text)).toBe('act'))
  it.each(prompts.me)('about me: %s', (text) => expect(unsuited(text)).toBe('me'))
  it.each(prompts.now)('about now: %s', (text) => expect(unsuited(text)).toBe('now'))
  it.each(prompts.none)('suited: %s', (text) => expect(unsuited(text)).toBeUndefined())

  it('reads what is asked at either end of a long text', () => {
    const material = 'The committee met and the minutes were kept. '.repeat(400)
    expect(unsuited(material)).toBeUndefined()
    expect(unsuited(`Delete my account. ${material}`)).toBe('act')
    expect(unsuited(`${material} Please cancel my order.`)).toBe('act')
  })

  it('knows typographic quotes and full-width letters', () => {
    expect(unsuited('What’s the weather like?')).toBe('now')
    expect(unsuited('Ｄｅｌｅｔｅ my account')).toBe('act')
  })
})
