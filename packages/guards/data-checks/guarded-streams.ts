/**
 * The pipeline on `guards/pii.jsonl` and `guards/pii_negatives.jsonl`: a stream cut anywhere is redacted as the whole text is,
 * as text and as arguments of a tool, and how much of it is held back meanwhile.
 */
import { checkText, createGuard, pii } from '@sluice/guards'
import { readTexts } from './pii/texts.ts'

const chunkingsOfEach = 3
const detector = pii()
const guard = createGuard({ output: [detector] })

let failed = 0
function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`)
  if (!holds) failed += 1
}

/** Numbers below `most` that are the same in every run. */
let state = 1
function draw(most: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * most)
}

/** Pieces of one to seven characters, or of one alone. */
function pieces(text: string): string[] {
  const most = draw(4) === 0 ? 1 : 7
  const cut: string[] = []
  for (let at = 0; at < text.length;) {
    const length = 1 + draw(most)
    cut.push(text.slice(at, at + length))
    at += length
  }
  return cut
}

async function streamed(text: string, channel: 'text' | 'arguments', held: number[]): Promise<string> {
  const stream = (await guard.session()).stream(channel)
  let shown = ''
  for (const piece of pieces(text)) {
    shown += await stream.push(piece)
    held.push(stream.held)
  }
  return shown + (await stream.end())
}

/** JSON of a text, some of its characters escaped that need not be. */
function asArguments(text: string): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify({ text }).replaceAll(/(?<!\\)[a-z@](?![^"]*":)/g, (each) =>
    draw(6) === 0 ? escaped(each) : each,
  )
}

const texts = [...readTexts('pii'), ...readTexts('pii_negatives')]
const held: number[] = []
const heldArguments: number[] = []
let different = 0
let differentArguments = 0
let redacted = 0
let escaped = 0
for (const { text } of texts) {
  const whole = await checkText(text, [detector])
  if (whole.action === 'redact') redacted += 1
  const json = asArguments(text)
  const wholeArguments = await streamed(json, 'arguments', [])
  const values = whole.verdicts.flatMap(({ spans }) => spans.map(({ start, end }) => text.slice(start, end)))
  for (let run = 0; run < chunkingsOfEach; run += 1) {
    const shown = await streamed(text, 'text', held)
    if (shown !== whole.text) different += 1
    escaped += values.filter((value) => shown.includes(value) && !whole.text.includes(value)).join('').length
    if ((await streamed(json, 'arguments', heldArguments)) !== wholeArguments) differentArguments += 1
  }
  JSON.parse(wholeArguments)
}

const runs = texts.length * chunkingsOfEach
const figures = (counts: number[]): { mean: number; line: string; max: number } => {
  const sorted = counts.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
  const mean = sorted.reduce((sum, each) => sum + each, 0) / sorted.length
  const line = `mean ${mean.toFixed(2)}, p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, max ${at(1)}`
  return { mean, line, max: at(1) }
}
const text = figures(held)
const json = figures(heldArguments)
console.log(
  `${texts.length} texts, ${redacted} with something to redact, ${runs} chunkings, declared bound ${detector.stream?.maxMatch}`,
)
console.log(`characters held, text:      ${text.line}`)
console.log(`characters held, arguments: ${json.line}`)
check(`${different} of ${runs} streams differ from the whole`, different === 0)
check(`${differentArguments} of ${runs} streams of arguments differ from the whole`, differentArguments === 0)
check(`${escaped} characters that are redacted in the whole escaped`, escaped === 0)
check('mean hold of at most 5 characters', text.mean <= 5)
check('no hold above the declared bound', text.max <= (detector.stream?.maxMatch ?? 0))
process.exitCode = failed > 0 ? 1 : 0
