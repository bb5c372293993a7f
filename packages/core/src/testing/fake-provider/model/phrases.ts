/** What the fake support agent knows about one subject. */
export interface Topic {
  readonly about: string
  /** Word beginnings that point to it, lower case. */
  readonly words: readonly string[]
  readonly facts: readonly string[]
}

export const topics: readonly Topic[] = [
  {
    about: 'your refund',
    words: ['refund', 'money back', 'return', 'reimburs', 'chargeback'],
    facts: [
      'A refund goes back to the card or account that you paid with, usually within five to seven working days.',
      'Open the order, choose "Request a refund" and tell us in one line what went wrong.',
      'If the shop has already confirmed the refund, please send us the reference number from their message.',
      'We cannot speed up the bank of the shop, but we can trace the payment once ten working days have passed.',
      'You will see the amount as pending first and as booked a day or two later.',
    ],
  },
  {
    about: 'your card',
    words: ['card', 'visa', 'mastercard', 'pin', 'contactless', 'chip'],
    facts: [
      'A new card takes four to six working days to arrive and has to be activated in the app under Cards.',
      'If the card is lost or stolen, freeze it in the app straight away; that stops every new payment.',
      'After three wrong PIN entries the card is blocked until you unblock it in the app or at a cash machine.',
      'A replacement card keeps your account number, so your direct debits carry on as before.',
      'Contactless payments start to work after the first payment with the chip and your PIN.',
    ],
  },
  {
    about: 'your transfer',
    words: ['transfer', 'iban', 'sepa', 'wire', 'recipient', 'beneficiary', 'sent money', 'standing order'],
    facts: [
      'Transfers inside the country arrive the same day when you send them before 3 p.m.',
      'A transfer abroad can take up to three working days, depending on the receiving bank.',
      'You can cancel a transfer under Activity as long as its status is still "Scheduled".',
      'Please check the recipient name and the account number; a mismatch sends the money back to you.',
      'Once a transfer has been sent we can only ask the receiving bank to return it, which needs their consent.',
    ],
  },
  {
    about: 'your password and login',
    words: ['password', 'log in', 'login', 'sign in', 'locked out', 'passcode', 'two-factor', '2fa', 'authenticat'],
    facts: [
      'Choose "Forgot password" on the login page; the link that we send you works for thirty minutes.',
      'If no message arrives, please look in your spam folder and check that the address is the one we have on file.',
      'After five failed attempts the login is locked for fifteen minutes and then opens again by itself.',
      'When you change your phone, move the two-factor app first, or use one of your recovery codes.',
      'We never ask for your password, neither by phone nor in a chat.',
    ],
  },
  {
    about: 'your delivery',
    words: ['deliver', 'parcel', 'package', 'shipping', 'shipment', 'tracking', 'courier', 'arrive', 'order'],
    facts: [
      'Standard delivery takes two to four working days, express delivery one.',
      'The tracking link in your confirmation is updated each time the parcel is scanned.',
      'If the parcel has not moved for three days, we start a search with the courier on the same day.',
      'You can send the parcel to another address until it has left our warehouse.',
      'A parcel that nobody accepts waits at the pick-up point for seven days and then comes back to us.',
    ],
  },
  {
    about: 'your subscription',
    words: ['subscri', 'plan', 'renew', 'cancel', 'upgrade', 'downgrade', 'trial', 'membership'],
    facts: [
      'You can change or cancel the plan under Settings, Billing, at any time up to the day before it renews.',
      'After you cancel, everything keeps working until the end of the period that you have paid for.',
      'An upgrade starts at once and we charge only the difference for the days that remain.',
      'A free trial ends by itself; you are charged only if you have chosen a plan.',
      'A downgrade takes effect at the next renewal, so nothing is lost before then.',
    ],
  },
  {
    about: 'the fee you were charged',
    words: ['fee', 'charge', 'cost', 'price', 'invoice', 'bill', 'receipt', 'vat', 'tax'],
    facts: [
      'Every fee is listed with its reason under Activity; tap it to see how it was worked out.',
      'Cash withdrawals are free up to the monthly limit of your plan and cost two per cent above it.',
      'If you see the same charge twice, one of the two is usually a reservation that disappears within a week.',
      'Invoices are ready on the first of the month and can be downloaded as PDF under Billing.',
      'We refund a fee that was charged by mistake as soon as we have confirmed it.',
    ],
  },
  {
    about: 'exchange rates',
    words: ['exchange', 'currenc', 'euro', 'dollar', 'pound', 'rate', 'abroad', 'foreign', 'travel'],
    facts: [
      'We use the mid-market rate at the moment of the payment and add no margin on working days.',
      'At weekends a margin of half a per cent applies, because the markets are closed.',
      'In a shop abroad, choose to pay in the local currency; the other choice is nearly always dearer.',
      'You can hold several currencies and exchange between them in the app at any time.',
      'The rate of a past payment is shown in its details under Activity.',
    ],
  },
  {
    about: 'verifying your identity',
    words: ['identity', 'verif', 'passport', 'document', 'selfie', 'proof of', 'kyc'],
    facts: [
      'The check needs a passport or an identity card and a short selfie video, and takes about ten minutes.',
      'Please photograph the document in daylight, without a flash, with all four corners visible.',
      'If a check fails, you can repeat it twice; after that a colleague looks at it by hand.',
      'A proof of address must be younger than three months and show your full name.',
      'Your documents are stored encrypted and are used for this check only.',
    ],
  },
  {
    about: 'your balance and top-ups',
    words: ['top up', 'top-up', 'topup', 'balance', 'deposit', 'add money', 'fund', 'cash', 'withdraw', 'atm'],
    facts: [
      'A top-up by card is there within a minute; one by bank transfer takes up to one working day.',
      'If a top-up is missing, please check that the reference in the transfer is exactly the one that we gave you.',
      'Your available balance leaves out payments that are still pending.',
      'The top-up limit depends on how far your account is verified; you find it under Limits.',
      'A top-up that was declined is never taken from your card, even if it shows as pending for a while.',
    ],
  },
  {
    about: 'the problem in the app',
    words: ['app', 'crash', 'error', 'bug', 'update', 'notification', 'website', 'load', 'not work', 'broken'],
    facts: [
      'Please update the app to the latest version and restart your phone; this solves most crashes.',
      'If a page stays empty, sign out and in again, which loads your data afresh.',
      'Notifications have to be allowed twice: in the app under Settings and in the settings of your phone.',
      'The status page tells you whether others are affected, and we update it every fifteen minutes.',
      'If it happens again, send us the error code and the time, and we will find it in our logs.',
    ],
  },
]

/** What it says when no topic fits. */
export const general: Topic = {
  about: 'your question',
  words: [],
  facts: [
    'I have looked at what you wrote and this is something that we can sort out together.',
    'You find most settings in the app under Profile, and every change takes effect at once.',
    'If you tell me when it happened and what you saw, I can look it up for you.',
    'Our opening hours are 8 a.m. to 8 p.m. on working days, and the chat is always on.',
    'Please have your customer number at hand, so that we can find your account quickly.',
  ],
}

export const openings: readonly string[] = [
  'Thanks for getting in touch about',
  'I am happy to help with',
  'Thank you for your message about',
  'I understand that this is about',
  'Sorry for the trouble with',
]

export const closings: readonly string[] = [
  'Is there anything else that I can do for you?',
  'Let me know if that solves it.',
  'Just reply here if you get stuck.',
  'Have a good day!',
]

/** Sentences of a weak model: they sound friendly and help nobody. */
export const fillers: readonly string[] = [
  'There can be many reasons for this, and every case is a little different.',
  'Please try again later and see whether it works then.',
  'You may want to look through our help pages.',
  'This should normally not be a problem.',
  'As far as I can tell, everything is as it should be.',
]

/** Words for made-up values: names, titles, labels. */
export const nouns: readonly string[] = [
  'account',
  'balance',
  'card',
  'delivery',
  'invoice',
  'limit',
  'order',
  'payment',
  'plan',
  'refund',
  'transfer',
  'update',
]
export const firstNames: readonly string[] = [
  'Ada',
  'Ben',
  'Clara',
  'David',
  'Emma',
  'Farid',
  'Grace',
  'Hugo',
  'Ines',
  'Jonas',
]
export const lastNames: readonly string[] = [
  'Adler',
  'Brown',
  'Costa',
  'Diaz',
  'Evans',
  'Fischer',
  'Garcia',
  'Hansen',
  'Ito',
  'Jones',
]
export const cities: readonly string[] = [
  'Berlin',
  'Lisbon',
  'London',
  'Madrid',
  'Oslo',
  'Paris',
  'Prague',
  'Rome',
  'Vienna',
  'Zurich',
]
