import { verify, type Estimator } from '@sluice/router'

/** What a customer can go by: a figure, a way through the app, something to do. */
const concrete =
  /\d|\w > \w|\b(?:one|two|three|four|five|six|seven|ten|fourteen|fifteen|thirty|tap|choose|open|go to|check|freeze|in the app)\b/i
/** What those say who do not know. */
const evasive =
  /\bdepend|\breasons\b|\bin general\b|\b(?:usually|normally|unfortunately)\b|\bcontact\b|\bin touch\b|\bhappy to help\b|\btry again later\b|\bas far as i\b|\bhelp pages\b|\bhave a look\b/i

/** From which score on an answer is accepted. */
export const helpfulFrom = 0.5

/**
 * Whether an answer helps, as a support desk can check it that does not know what is right: of the sentences that say
 * something to go by or nothing at all, the share of the former. It takes a confident mistake for an answer.
 */
export const helpful: Estimator = verify(
  ({ text, view }) => {
    if (view.choices[0]?.finish !== 'stop') return { score: 0, reason: 'cut_short' }
    const sentences = text.split(/(?<=[.!?])\s+/)
    const empty = sentences.filter((sentence) => evasive.test(sentence))
    const useful = sentences.filter((sentence) => concrete.test(sentence) && !empty.includes(sentence))
    const score = useful.length === 0 ? 0 : useful.length / (useful.length + empty.length)
    return { score, reason: score >= helpfulFrom ? 'helpful' : 'evasive' }
  },
  { name: 'helpful' },
)
