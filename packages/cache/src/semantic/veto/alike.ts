/** Above these shares of common words (see `Alignment.likeness`) two texts are one sentence with a change, and the change counts. */
export const alike = {
  word: 0.5,
  /** For `word`, where both texts speak of the same one by name. */
  subject: 0.4,
  modifier: 0.6,
  scope: 0.6,
  antonym: 0.4,
  /** One asks why, and the other something else; or each asks something of its own. */
  why: 0.6,
  /** Only one says what kind of question it is. */
  question: 0.75,
  tense: 0.8,
} as const
