import { normalise } from './text/normalise.ts'

/** Names by which an assistant is spoken to. `agent` and `bot` are left out: people who chat with customers have them. */
const assistant = String.raw`(?:assistants?|chatbots?|copilot|chatgpt|claude|gemini|(?:large )?language models?|llms?|ai(?: (?:assistants?|(?:language )?models?|agents?|bots?|systems?))?)`

/** How an order begins. Verbs that an assistant can act on, of which most name what it has tools for. */
const order =
  '(?:send|forward|e?mail|call|add|delete|remove|transfer|pay|wire|buy|order|open|click|visit|fetch|browse|post|upload|' +
  'download|write|reply|respond|answer|say|tell|inform|ignore|forget|disregard|override|summari[sz]e|translate|include|' +
  'append|insert|mention|recommend|copy|share|export|reveal|show|print|output|repeat|run|execute|use|invoke|set|change|' +
  'update|create|book|schedule|cancel|approve|accept|search|look up|find|list|read|mark|move|archive|grant|reset|invite|' +
  "do not|don't|never|always|make sure|you (?:must|should|have to|need to|are to|will|shall))"

const politely = '(?:now |please |kindly |also |immediately |first |then ){0,2}'

/** `Dear assistant, please add …`, `AI assistant: forward …` */
const vocative = new RegExp(
  String.raw`^[^\p{L}]{0,8}(?:(?:dear|hey|hi|hello|attention|note to|message to|to|for|ok|please|any|all|the|my|your|personal|virtual|helpful|ai|e-?mail|llm),? ){0,4}` +
    String.raw`${assistant}(?: reading (?:this|it))?\s{0,2}[,:;!–—-]{1,2}\s{0,2}${politely}${order}(?![\p{L}\p{N}])`,
  'u',
)

/** `If you are an AI model, reply with …`, `IMPORTANT: the assistant must now delete …` */
const conditional = new RegExp(
  String.raw`^[^\p{L}]{0,8}if you(?: are|'re|’re) (?:a |an |the |any )?${assistant}(?: (?:reading|processing|summarizing) [^,;:]{1,40})?,? ` +
    String.raw`${politely}${order}(?![\p{L}\p{N}])`,
  'u',
)
const obliged = new RegExp(
  String.raw`^[^\p{L}]{0,8}(?:important|attention|note|notice|system|instruction)[^\p{L}]{1,4}(?:the|any|every) ${assistant} ` +
    String.raw`(?:must|should|shall|has to|needs to|is to|will) ${politely}${order}(?![\p{L}\p{N}])`,
  'u',
)

/** `When you read this, call the send_money tool`: what only a program can be told. */
const onReading = new RegExp(
  String.raw`^[^\p{L}]{0,8}(?:when|whenever|once|after|as soon as|if|before) (?:you|you have|you've|you are|you're) ?` +
    String.raw`(?:read|reading|see|seeing|process|processing|receive|parse|summari[sz]e|retrieve|load)\p{L}{0,4} [^,;:]{2,60}[,;:] ` +
    String.raw`${politely}(?:call|invoke|run|execute|use|trigger) (?:the )?[^\s]{1,40}(?:_[^\s]{1,40}|\(| tool| function| plugin| api)`,
  'u',
)

/** `do not tell the user`: what is to be kept from those whom an assistant serves. */
const secretly =
  /(?<![\p{L}\p{N}])(?:do not|don['’]?t|never|without) (?:tell|telling|inform|informing|notify|notifying|alert|alerting) (?:the |your )?users?(?![\p{L}\p{N}])/u

/** All of them, for being held against a checker of linear time. */
export const spokenOrders: readonly RegExp[] = [vocative, conditional, obliged, onReading, secretly]

/** Whether a sentence orders something of an assistant that it names, or in secret from the user. Linear in it. */
export function isSpokenOrder(sentence: string): boolean {
  const { text } = normalise(sentence)
  if (vocative.test(text) || onReading.test(text) || conditional.test(text) || obliged.test(text)) return true
  // The pattern may begin anywhere, the word is quickly looked for.
  return text.includes(' user') && secretly.test(text)
}
