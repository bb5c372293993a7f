const span =
  '(?:week|month|year|quarter|season|weekend|night|morning|afternoon|evening|decade|monday|tuesday|wednesday|thursday|friday|saturday|sunday)'

/** Asking about now: words that date an answer, and things that are never the same for long. */
export const now: RegExp = new RegExp(
  [
    String.raw`\b(?:today|tonight|yesterday|tomorrow|currently|nowadays|latest|newest|upcoming|as of|these days|at the moment|at present|right now|so far this|up[- ]to[- ]date|most recent|ago)\b`,
    String.raw`(?<!^)(?<![.?!]\s{0,3})\bnow\b`,
    String.raw`^now$`,
    // Not the electric one, nor the account.
    String.raw`(?<!\b(?:electric|electrical|alternating|direct|eddy|ocean|leakage|inrush) )\bcurrent (?!accounts?\b|density|flow|transformer|directory|working|source|limit)`,
    String.raw`\b(?:this|last|next|past|coming|previous) ${span}s?\b`,
    String.raw`\b(?:last|next|past) (?:few |\d{1,4} |couple of )?(?:hours|days|weeks|months|years)\b`,
    String.raw`\brecent (?:news|events?|developments?|changes|updates?|releases?|results?)\b`,
    String.raw`\bwhat(?:'s|s| is)? (?:the )?(?:time|date|day)(?: is it)?(?: in [\p{L} ]{1,40})?\s*\??$`,
    String.raw`\bwhat (?:time|day|date|year|month) is it\b`,
    String.raw`\bwhat (?:day|date|month|year)s?(?: of the (?:week|month))? (?:is|will|are|was) (?:it|we|the)\b`,
    String.raw`\bwhat(?:'s|s| is) the day of the week\b`,
    String.raw`\bwhat time it is\b`,
    String.raw`^(?:please )?(?:(?:can|could) you )?(?:please )?(?:tell|give|show) me the (?:time|date)\b`,
    String.raw`^(?:the )?(?:time|date)(?: please)?\W*$`,
    String.raw`\bdo you have the time\b`,
    String.raw`\b(?:from now|from today|outside right)\b`,
    String.raw`\bis it (?:hot|cold|raining|rainy|snowing|sunny|windy|warm|cloudy|humid)\b`,
    String.raw`\bwhat(?:'s|s| is) the temperature(?: like)?(?: in| outside|\W*$)`,
    String.raw`\b(?:weather|forecast|headlines|news|traffic jams?|live scores?|(?:stock|share|bitcoin|gold|oil|gas) prices?)\b`,
    String.raw`\bwhat(?:'s| is| are) (?:\p{L}{1,20} ){0,4}exchange rates?\b`,
    String.raw`\bwho(?:'s| is) (?:winning|leading|playing)\b`,
    String.raw`\b(?:score|price|value|rate) (?:right )?now\b`,
    String.raw`\bopen now\b`,
    String.raw`\bstill open\b`,
  ].join('|'),
  'iu',
)

const aux = "(?: is| are| was| were|'s|s|'re| did| does| do| has| have| had| will|'ll| would)"

/** Asking what only one knows of the asker: balances, orders, appointments. For one sentence at a time. */
export const me: RegExp = new RegExp(
  [
    // What is my balance, where are our orders, when will my card arrive.
    String.raw`^(?:\p{L}{1,10},? ){0,3}(?:what|which|where|when|who|whose|how (?:much|many|old|long))${aux} (?:my|our|mine)\b`,
    String.raw`\bhow (?:much|many) (?:[\p{L}-]{1,30} ){0,4}(?:do|did|have|has|am|are|was|were) (?:i|we) (?:have|has|owe|own|get|got|spen[dt]|paid|pay|earn|earned|used?|left)\b`,
    // Has my order shipped, did I pay, was I charged, is my account blocked.
    String.raw`(?:^|[.,;?!] )(?:please )?(?:has|have|had|did|was|were|is|are) (?:my|our|i|we)\b`,
    String.raw`(?<!why )\b(?:have|did|was|were) (?:i|we) (?:already |ever |really |just )?(?:been |be )?\p{L}{1,30}(?:ed|en|id|nt|t)\b`,
    String.raw`\bdo (?:i|we) (?:still )?(?:have any|have an?|have enough|own|owe)\b`,
    String.raw`\b(?:i|we)(?: have|'ve)?(?: recently)? spent\b`,
    String.raw`\b(?:balance|status|amount|total|limit|due date|score|details?|history|list)s? (?:of|in|on|for|from) (?:my|our)\b`,
    String.raw`^is there (?:\p{L}{1,20} ){0,6}(?:in|on) (?:my|our)\b`,
    String.raw`^what(?:'s|s| is| are) (?:in|on) (?:my|our)\b`,
    String.raw`^(?:what|which) \p{L}{1,20} (?:is|are) (?:my|our)\b`,
    String.raw`\b(?:tell me|know) (?:what|how much|how many|where)(?: \p{L}{1,20}){0,2} (?:i|we) (?:have|owe|own|spent|paid)\b`,
    String.raw`\bam i (?:due|owed|subscribed|registered|eligible|entitled|enrolled|signed|logged|approved|overdrawn|insured|on)\b`,
    String.raw`\b(?:who|where|what|how old) am i\b`,
    String.raw`\babout me\b`,
    String.raw`\bremember me\b`,
    String.raw`\bknow me\b`,
    String.raw`\bi owe\b`,
    String.raw`\bmy (?:last|latest|most recent|previous|next|upcoming|recent|current|remaining|past) `,
  ].join('|'),
  'iu',
)

/** Show me my invoices. */
export const askedFor: RegExp =
  /^(?:please )?(?:show|list|check|find|get|give|tell|view|see|display|track|fetch|read|look up|pull up|summari[sz]e|count|search)(?: me| us)?(?: about)?(?: all)?(?: of)?(?: the)?(?: \p{L}{1,20} of)? (?:my|our|mine)\b/iu

/** A question how one does it is about everybody, though it says `my`. */
export const manner: RegExp =
  /\b(?:how (?:do|can|could|would|should|to|might|does)|ways? to|steps to|possible to|where (?:do|can|could|should) (?:i|we|you))\b/i
