import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { Detector, GuardStage } from '../detector.ts'
import { logLines, UnreadableLog } from './lines.ts'
import { type Meter, meterOf } from './measure.ts'
import { type ReadLogOptions, readRow } from './read-log.ts'
import { render } from './render.ts'

/** Makers of detectors that need no options, by the name that picks them. */
export type DetectorList = Readonly<Record<string, () => Detector>>

/** Where a command reads and writes. */
export interface Terminal {
  readonly out: (line: string) => void
  readonly error: (line: string) => void
}

const usage = `guards bench <log.jsonl> [options]

Measures detectors on texts of yours: how many they would find, with the share of false positives where texts are labelled
good or not at all, recall and precision where some are labelled bad, and time. Prints no text.

A line is a JSON object with a text in "text", "prompt", "input", "content", "answer", "output", or chat "messages", also inside
its "request" or "body". The file may be of any length; one that is a JSON array (up to 256 MB) is read, too.

  --guard <names>      of the built-in ones: NAMES (default: all of them)
  --config <file>      a module whose default export is a list of detectors of yours
  --text-field <name>  the field with the text; request.messages for one inside of another
  --label-field <name> the field that is true, 1 or "bad" for texts that should be found (default: label)
  --bad <labels>       the labels that are bad, where they are other words; then all others are good
  --source-field <name> the field to tell figures apart by (default: source)
  --stage <stage>      input, output, tool_result, document or tool_call (default: input)
  --max-fpr <percent>  fail where a detector finds more of the texts that are not labelled bad, 0 to 100
  --json               print JSON
`
const stages: readonly GuardStage[] = ['input', 'output', 'tool_result', 'document', 'tool_call']

/**
 * The command `guards bench`. Answers the exit code: 0, 1 where `--max-fpr` was exceeded or checks failed, 2 for a wrong call.
 */
export async function bench(
  args: readonly string[],
  detectors: DetectorList,
  { out, error }: Terminal,
): Promise<number> {
  let parsed: ReturnType<typeof read>
  try {
    parsed = read(args)
  } catch (reason) {
    error(reason instanceof Error ? reason.message : String(reason))
    return 2
  }
  const { values, positionals } = parsed
  const wrong = (message: string): number => {
    error(message)
    return 2
  }
  const [file, ...more] = positionals
  const help = usage.replace('NAMES', Object.keys(detectors).join(', '))
  if (values.help) {
    out(help)
    return 0
  }
  if (file === undefined || more.length > 0) return wrong(help)
  const stage = (values.stage ?? 'input') as GuardStage
  if (!stages.includes(stage)) return wrong(`--stage must be one of ${stages.join(', ')}, got "${stage}".`)
  const limit = limitOf(values['max-fpr'])
  if (limit === undefined)
    return wrong(`--max-fpr must be a number of per cent from 0 to 100, got "${values['max-fpr']}".`)
  const names = listOf(values.guard)
  const unknown = names?.find((name) => !Object.hasOwn(detectors, name))
  if (unknown !== undefined)
    return wrong(`There is no guard "${unknown}". The guards are ${Object.keys(detectors).join(', ')}.`)
  const chosen: Detector[] = (names ?? (values.config === undefined ? Object.keys(detectors) : [])).map((name) =>
    detectors[name]!(),
  )
  try {
    if (values.config !== undefined) chosen.push(...(await fromConfig(values.config)))
  } catch (reason) {
    return wrong(`${values.config} could not be read: ${reason instanceof Error ? reason.message : String(reason)}`)
  }
  const meters = chosen.map((detector) => meterOf(detector, stage))
  let log: LogSummary
  try {
    log = await readThrough(file, meters, {
      textField: values['text-field'],
      labelField: values['label-field'],
      sourceField: values['source-field'],
      badLabels: listOf(values.bad),
    })
  } catch (reason) {
    if (reason instanceof UnreadableLog) return wrong(`${file} could not be read. ${reason.message}`)
    const { code } = reason as { readonly code?: unknown }
    return wrong(`${file} could not be read${typeof code === 'string' ? ` (${code})` : ''}.`)
  }
  if (log.texts === 0)
    return wrong(`${file} holds no text. A line must be a JSON object; name the field of its text with --text-field.`)
  const all = meters.map((meter) => meter.figures())
  if (values.json) out(JSON.stringify({ file, ...log, guards: all }, undefined, 2))
  else {
    for (const line of notes(log)) out(`${line}\n`)
    for (const figures of all) out(`${render(figures)}\n`)
  }
  const tooMany = all.filter(({ total, failed }) => failed > 0 || total.goodFound / Math.max(1, total.good) > limit)
  for (const { guard, failed } of tooMany)
    error(
      failed > 0 ? `${guard}: ${failed} checks failed` : `${guard}: more false positives than ${values['max-fpr']} %`,
    )
  return tooMany.length > 0 ? 1 : 0
}

/** What was read of a log, whatever detectors say of it. */
interface LogSummary {
  readonly texts: number
  readonly unreadLines: number
  /** The first ten of them. */
  readonly unreadAt: readonly number[]
  /** Lines by labels of which nobody said whether they are bad: their texts count as not labelled. */
  readonly unknownLabels: Readonly<Record<string, number>>
}

async function readThrough(file: string, meters: readonly Meter[], options: ReadLogOptions): Promise<LogSummary> {
  let [texts, unreadLines] = [0, 0]
  const unreadAt: number[] = []
  const unknownLabels = new Map<string, number>()
  for await (const line of logLines(createReadStream(file, 'utf8'))) {
    const row = readRow(line, options)
    texts += row.texts.length
    if (row.texts.length === 0) {
      unreadLines += 1
      if (unreadAt.length < 10) unreadAt.push(row.line)
      continue
    }
    const { unknownLabel } = row
    if (unknownLabel !== undefined) unknownLabels.set(unknownLabel, (unknownLabels.get(unknownLabel) ?? 0) + 1)
    for (const meter of meters) await meter.add(row)
  }
  return { texts, unreadLines, unreadAt, unknownLabels: Object.fromEntries(unknownLabels) }
}

function notes({ unreadLines, unreadAt, unknownLabels }: LogSummary): string[] {
  const labels = Object.entries(unknownLabels)
  return [
    ...(unreadLines > 0
      ? [`${unreadLines} lines hold no text: ${unreadAt.join(', ')}${unreadLines > unreadAt.length ? ', …' : ''}`]
      : []),
    ...(labels.length > 0
      ? [
          `Labels that are not known, of texts that count as not labelled: ${labels.map(([label, lines]) => `${label} (${lines})`).join(', ')}. Name those that are bad with --bad.`,
        ]
      : []),
  ]
}

function limitOf(percent: string | undefined): number | undefined {
  if (percent === undefined) return Infinity
  const limit = percent.trim() === '' ? Number.NaN : Number(percent)
  return limit >= 0 && limit <= 100 ? limit / 100 : undefined
}

function listOf(names: string | undefined): string[] | undefined {
  return names?.split(',').map((name) => name.trim())
}

function read(args: readonly string[]) {
  const text = { type: 'string' } as const
  // A negative number after an option looks like an option of its own.
  const joined = args.flatMap((each, index) => {
    if (each === '--max-fpr' && /^-\d/.test(args[index + 1] ?? '')) return [`${each}=${args[index + 1]}`]
    return args[index - 1] === '--max-fpr' && /^-\d/.test(each) ? [] : [each]
  })
  return parseArgs({
    args: joined,
    allowPositionals: true,
    options: {
      guard: text,
      config: text,
      stage: text,
      bad: text,
      'text-field': text,
      'label-field': text,
      'source-field': text,
      'max-fpr': text,
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
}

async function fromConfig(path: string): Promise<readonly Detector[]> {
  const { default: list } = (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown }
  if (
    !Array.isArray(list) ||
    list.length === 0 ||
    !list.every((each) => typeof each?.check === 'function' && typeof each.name === 'string')
  )
    throw new Error('its default export must be a list of detectors')
  return list
}
