import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { Detector, GuardStage } from '../detector.ts'
import { measure } from './measure.ts'
import { readLog } from './read-log.ts'
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

A line is a JSON object with a text in "text", "prompt", "input", "content", "answer", "output", or chat "messages".

  --guard <names>      of the built-in ones: NAMES (default: all of them)
  --config <file>      a module whose default export is a list of detectors of yours
  --text-field <name>  the field with the text
  --label-field <name> the field that is true or 1 for texts that should be found (default: label)
  --source-field <name> the field to tell figures apart by (default: source)
  --stage <stage>      input, output, tool_result, document or tool_call (default: input)
  --max-fpr <percent>  fail where a detector finds more of the texts that are not labelled bad
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
  if (values.help) {
    out(usage.replace('NAMES', Object.keys(detectors).join(', ')))
    return 0
  }
  if (file === undefined || more.length > 0) return wrong(usage.replace('NAMES', Object.keys(detectors).join(', ')))
  const stage = (values.stage ?? 'input') as GuardStage
  if (!stages.includes(stage)) return wrong(`--stage must be one of ${stages.join(', ')}, got "${stage}".`)
  const limit = values['max-fpr'] === undefined ? Infinity : Number(values['max-fpr']) / 100
  if (!(limit >= 0)) return wrong(`--max-fpr must be a number of per cent, got "${values['max-fpr']}".`)
  const names = values.guard?.split(',').map((name) => name.trim())
  const unknown = names?.find((name) => detectors[name] === undefined)
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
  let lines: string
  try {
    lines = await readFile(file, 'utf8')
  } catch {
    return wrong(`${file} could not be read.`)
  }
  const { texts, unread } = readLog(lines, {
    textField: values['text-field'],
    labelField: values['label-field'],
    sourceField: values['source-field'],
  })
  if (texts.length === 0) return wrong(`${file} holds no text. Name its field with --text-field.`)
  const all = []
  for (const detector of chosen) all.push(await measure(detector, texts, stage))
  if (values.json)
    out(JSON.stringify({ file, texts: texts.length, unreadLines: unread.length, guards: all }, undefined, 2))
  else {
    if (unread.length > 0)
      out(`${unread.length} lines hold no text: ${unread.slice(0, 10).join(', ')}${unread.length > 10 ? ', …' : ''}\n`)
    for (const figures of all) out(`${render(figures)}\n`)
  }
  const tooMany = all.filter(({ total, failed }) => failed > 0 || total.goodFound / Math.max(1, total.good) > limit)
  for (const { guard, failed } of tooMany)
    error(
      failed > 0 ? `${guard}: ${failed} checks failed` : `${guard}: more false positives than ${values['max-fpr']} %`,
    )
  return tooMany.length > 0 ? 1 : 0
}

function read(args: readonly string[]) {
  const text = { type: 'string' } as const
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      guard: text,
      config: text,
      stage: text,
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
  if (!Array.isArray(list) || !list.every((each) => typeof each?.check === 'function' && typeof each.name === 'string'))
    throw new Error('its default export must be a list of detectors')
  return list
}
