/** What somebody keeps things on or in. A list is one only where it is somebody's: `my list`, not `the list` of a program. */
const kept =
  String.raw`(?:(?:my|our) (?:[\p{L}-]{1,20} ){0,3}(?:list|library|queue|favou?rites|schedule)|` +
  String.raw`(?:my|our|the) (?:[\p{L}-]{1,20} ){0,3}(?:(?:to ?do|shopping|grocery|wish|watch) ?list|play ?list|calendar|agenda|cart|basket|diary))\b`

/** What one has made, and may be done with. */
const made = '(?:reservation|booking|appointment|order|subscription|ticket|alarm|reminder|meeting|event|delivery)s?'

/** Putting things somewhere, and taking them away. */
const handle =
  '(?:put|take|keep|include|throw|scratch|cross|strike|get|insert|stick|jot|pop|slot|pencil|write|drop|toss|add|remove|delete|clear|place|erase|wipe|move|want|need|like|have)'

/** How a request begins: an order, a wish, or a question that is one. */
const opening = String.raw`(?:^|[,:] |\b(?:please|just|and|then|to|let's|lets|let us|i|we|i'd|we'd|would|really|(?:can|could|would|will) you) )`

/**
 * Requests to act in other words than a verb of action that opens them. For one sentence at a time, in lower case; not for
 * one that asks how, why or what.
 */
export const requests: RegExp = new RegExp(
  [
    // Take lunch off my calendar; I need milk on my shopping list.
    String.raw`${opening}(?:please )?${handle} (?:.{1,80} )?(?:on|off|onto|to|into|in|from|of) ${kept}`,
    // If it is not on my shopping list, can you put it on there?
    String.raw`${kept}.{0,60}\b(?:can|could|would|will) you (?:please )?${handle}\b`,
    // This song needs to be added to my playlist.
    String.raw`\b(?:needs? to|has to|have to|must|should) be (?:added|put|taken|removed|moved|deleted|included|crossed) .{0,60}${kept}`,
    String.raw`\b(?:needs? to|has to|have to|must) be (?:cancell?ed|deleted|refunded|resent|rebooked|rescheduled|postponed|blocked|frozen)\b`,
    // I no longer need the reservation; the order is not necessary any more.
    String.raw`\b(?:i|we) (?:no longer|don't|do not|won't|will not) (?:need|want|require) (?:the|my|our|this|that|those|these) (?:[\p{L}-]{1,20} ){0,3}${made}\b`,
    String.raw`\b(?:my|our|the|this|that) ${made}\b.{0,60}\b(?:isn't|is not|is no longer|aren't|are not|are no longer|no longer) (?:needed|necessary|required|wanted)\b`,
    // Give me a reminder, make a reservation.
    String.raw`${opening}(?:please )?(?:give|get|set|make|place|put|create|leave|drop|schedule)(?: \p{L}{1,20})? (?:an?|the|another) (?:[\p{L}-]{1,20} )?(?:reminder|reservation|booking|appointment|alarm|timer|phone call|wake-?up call)\b`,
    // I want to hear some music, let's hear my playlist.
    String.raw`\b(?:i|we)(?:'d| would)?(?: really)? (?:want|like|love|need|wanna)(?: to)? (?:hear (?!(?:about|your|from|what|how|why|more|of)\b)|listen to\b)`,
    String.raw`\bin the mood (?:to (?:hear|listen)|for (?:[\p{L}]{1,20} ){0,2}(?:music|songs?))\b`,
    String.raw`^(?:let's|lets|let us) (?:hear|listen to)\b`,
  ].join('|'),
  'iu',
)

/** Asking for information: whatever else is in such a sentence, it is answered and not done. */
export const asksToKnow: RegExp =
  /\b(?:how|why|what|where|when|which|who|whose)\b|^(?:is|are|was|were|do|does|did|should|has|have|had|am|may|(?:can|could) (?:i|we|one)) (?!.*\b(?:can|could|would|will) you\b)/iu
