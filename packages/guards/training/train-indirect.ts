/**
 * Trains the model that tells sentences addressed to an assistant from those of mails, records and code, and writes
 * `src/injection/model/addressed-weights.ts`. No attack of a data set is learnt from. Deterministic. With `--report` it
 * prints how it does on the held-out half of BIPIA's documents instead.
 *
 *     SLUICE_DATA=../shared/data node --conditions=@sluice/source packages/guards/training/train-indirect.ts
 */
import { writeFileSync } from 'node:fs'
import { addressedReader, sentenceView } from '../src/injection/addressed.ts'
import type { ModelFile } from '../src/injection/model/linear-model.ts'
import { sentencesOf } from '../src/injection/text/sentences.ts'
import { attackLists } from './attack-lists.ts'
import { attackTemplates } from './attack-templates.ts'
import { benignLists } from './benign-lists.ts'
import { benignTemplates, sceneTemplates, shortTemplates } from './benign-templates.ts'
import { dataTemplates, orderTemplates } from './data-templates.ts'
import { areaUnderCurve, isDevelopment, readLines, readTexts, recallAt } from './data.ts'
import { grammar, retyped, seeded } from './grammar.ts'
import { moduleOf, train, type Example, type Shape } from './train.ts'

const shape: Shape = { bucketBits: 15, stepLength: 400, epochs: 8, decay: 1e-5 }

const texts = readTexts()

function drawn(): Example[] {
  const random = seeded(7)
  const orders = grammar(benignLists, random)
  const attacks = grammar(attackLists, random)
  const repeat = (
    templates: readonly string[],
    times: number,
    label: 0 | 1,
    weight: number,
    draw: (template: string) => string,
  ): Example[] =>
    templates.flatMap((template) =>
      Array.from({ length: times }, () => sentences(retyped(draw(template), random)).slice(0, label === 1 ? 1 : 9))
        .flat()
        .map((text) => ({ text, label, weight })),
    )
  return [
    ...repeat(orderTemplates, 250, 1, 0.8, orders.draw),
    ...repeat(shortTemplates, 60, 1, 0.5, orders.draw),
    ...repeat(benignTemplates, 40, 1, 0.5, orders.draw),
    ...repeat(attackTemplates, 25, 1, 0.6, attacks.draw),
    ...repeat(dataTemplates, 200, 0, 1, orders.draw),
    ...repeat(['<text>'], 300, 0, 1, orders.draw),
    ...repeat(sceneTemplates.slice(0, 2), 20, 1, 0.3, orders.draw),
  ]
}

/** Orders that people give to assistants: first sentences of harmless requests. */
function requests(): Example[] {
  const sources = new Set(['selfinstruct_user', 'selfinstruct_seed', 'awesome_prompts'])
  const prompts = texts.filter((row) => sources.has(row.source) && isDevelopment(row))
  const spoken = (readLines('cache/clinc150.jsonl') as { text: string }[]).filter(isDevelopment)
  return [
    ...prompts
      .flatMap(({ text }) => sentences(text).slice(0, 1))
      .map((text) => ({ text, label: 1 as const, weight: 2 })),
    ...spoken.map(({ text }) => ({ text, label: 1 as const, weight: 0.25 })),
  ]
}

/** Sentences of mails and of forms (BIPIA's mails and Presidio's sentences: MIT), and statements of questions (MIT). */
function statements(): Example[] {
  const mails = texts.filter((row) => row.kind === 'benign_document_email' && isDevelopment(row))
  const forms = (readLines('guards/pii.jsonl') as { text: string }[]).filter(isDevelopment)
  const questions = ['routing/routellm-gsm8k.jsonl', 'routing/routellm-mmlu-1.jsonl']
    .flatMap((file) => readLines(file) as { prompt: string }[])
    .flatMap(({ prompt }) => sentences(prompt))
    .filter((sentence) => sentence.endsWith('.'))
  return [
    ...mails.flatMap(({ text }) => sentences(text)).map((text) => ({ text, label: 0 as const, weight: 1 })),
    ...forms.flatMap(({ text }) => sentences(text)).map((text) => ({ text, label: 0 as const, weight: 1 })),
    ...questions.map((text) => ({ text, label: 0 as const, weight: 0.4 })),
  ]
}

function sentences(text: string): string[] {
  return sentencesOf(text).map(({ start, end }) => text.slice(start, end))
}

export function learn(): ModelFile {
  const examples = [...drawn(), ...requests(), ...statements()]
  return train(
    examples.map((example) => ({ ...example, text: sentenceView(example.text) })),
    shape,
  )
}

function report(): void {
  const read = addressedReader(learn())
  const worst = (text: string): number => Math.max(-20, ...read(text).map(({ logOdds }) => logOdds))
  const table: Record<string, object> = {}
  for (const kind of ['email', 'table', 'code', '']) {
    const rows = texts.filter((row) => row.source.startsWith('bipia') && row.kind.includes(kind))
    const attacked = rows.filter(({ label }) => label === 1).map(({ text }) => worst(text))
    const clean = rows.filter((row) => row.label === 0).map(({ text }) => worst(text))
    table[kind || 'all'] = {
      attacked: attacked.length,
      clean: clean.length,
      AUC: areaUnderCurve(attacked, clean).toFixed(3),
      'recall at 5 %': recallAt(0.05, attacked, clean).toFixed(3),
    }
  }
  console.table(table)
}

if (!import.meta.main) {
  // Imported for learn().
} else if (process.argv.includes('--report')) report()
else {
  const target = new URL('../src/injection/model/addressed-weights.ts', import.meta.url)
  const module = moduleOf('addressedModel', learn(), 'train-indirect.ts')
  writeFileSync(target, module)
  console.log(`${target.pathname}: ${module.length} bytes`)
}
