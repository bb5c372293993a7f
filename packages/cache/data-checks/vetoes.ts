/**
 * The vetoes on published pairs and questions, `cache/*.jsonl`: how many that must not share an answer they part, how many
 * that may they part too, and what they hold unsuited. The rules were tuned on one half of each file, every second kind or
 * row from the first on; the limits are on the other half.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexicalEmbedder } from '../src/embed/lexical-embedder.ts'
import { compareReadings, readText, unsuited, type TextReading } from '../src/semantic/veto/index.ts'

const folder = join(process.env['SLUICE_DATA'] ?? '../shared/data', 'cache')

interface Pair {
  readonly a: string
  readonly b: string
  readonly same: 0 | 1
  readonly kind: string
}

interface Question {
  readonly text: string
  readonly intent: string
}

function read<T>(file: string): T[] {
  const lines = readFileSync(join(folder, `${file}.jsonl`), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line) as T)
}

let failed = 0
function check(what: string, holds: boolean): void {
  console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`)
  if (!holds) failed += 1
}

class Share {
  hits = 0
  all = 0

  add(isHit: boolean): void {
    this.all += 1
    if (isHit) this.hits += 1
  }

  get value(): number {
    return this.all === 0 ? Number.NaN : this.hits / this.all
  }

  toString(): string {
    return `${(this.value * 100).toFixed(1)} % of ${this.all}`
  }
}

const isVetoed = (a: TextReading, b: TextReading): boolean => compareReadings(a, b).vetoes.length > 0

function pairs(): void {
  const rows = read<Pair>('checklist-qqp')
  const kinds = [...new Set(rows.map(({ kind }) => kind))]
  for (const half of [0, 1]) {
    const [different, same] = [new Share(), new Share()]
    console.log(`checklist-qqp, ${half === 0 ? 'tuned on' : 'held out'}:`)
    for (const kind of kinds.filter((_, index) => index % 2 === half)) {
      const own = new Share()
      for (const { a, b, same: isSame } of rows.filter((row) => row.kind === kind)) {
        const vetoed = isVetoed(readText(a), readText(b))
        own.add(vetoed)
        ;(isSame === 1 ? same : different).add(vetoed)
      }
      console.log(`  ${own.toString().padStart(15)} vetoed  ${kind}`)
    }
    console.log(`  different answer vetoed: ${different}; same answer vetoed: ${same}`)
    if (half === 0) continue
    check('held out: at least 75 % of the different are vetoed', different.value >= 0.75)
    check('held out: at most 15 % of the same are vetoed', same.value <= 0.15)
    check('held out: no worse than it was (≥ 89 %, ≤ 2 %)', different.value >= 0.89 && same.value <= 0.02)
  }
  const [different, same] = [new Share(), new Share()]
  for (const { a, b, same: isSame } of read<Pair>('sts16-stackexchange'))
    (isSame === 1 ? same : different).add(isVetoed(readText(a), readText(b)))
  console.log(
    `sts16-stackexchange: different vetoed ${different}, same vetoed ${same} (unlike wordings: most need no veto)`,
  )
}

/** Questions near one another for the lexical embedder, as the tier compares them. */
async function neighbours(): Promise<void> {
  for (const half of [0, 1]) {
    const rows = read<Question>('banking77').filter((_, index) => index % 2 === half)
    const vectors = await lexicalEmbedder().embed(rows.map(({ text }) => text))
    const readings = rows.map(({ text }) => readText(text))
    const [different, same] = [new Share(), new Share()]
    for (const [at, vector] of vectors.entries())
      for (let other = 0; other < at; other += 1) {
        let cosine = 0
        for (const [index, value] of vector.entries()) cosine += value * (vectors[other]?.[index] ?? 0)
        if (cosine < 0.7) continue
        const vetoed = isVetoed(readings[at] as TextReading, readings[other] as TextReading)
        ;(rows[at]?.intent === rows[other]?.intent ? same : different).add(vetoed)
      }
    console.log(
      `banking77, ${half === 0 ? 'tuned on' : 'held out'}, cosine ≥ 0.7: other intent vetoed ${different}, same intent ${same}`,
    )
    if (half === 1) check('held out: another intent is vetoed more often than the same', different.value > same.value)
  }
}

/** Intents whose every wording asks for an act, for the state of things now, for something of one's own, or for none of them. */
const intents = {
  act: 'transfer cancel_reservation text play_music reminder_update calendar_update todo_list_update shopping_list_update update_playlist',
  now: 'weather time',
  me: 'spending_history income balance',
  none: 'definition spelling translate calculator measurement_conversion recipe ingredients_list calories cook_time food_last plug_type international_visa vaccines improve_credit_score oil_change_how jump_start',
}

function unsuitable(): void {
  const rows = read<Question>('clinc150')
  for (const half of [0, 1])
    for (const [wanted, names] of Object.entries(intents)) {
      const share = new Share()
      for (const [index, { text, intent }] of rows.entries())
        if (index % 2 === half && names.split(' ').includes(intent)) share.add(unsuited(text) !== undefined)
      console.log(`clinc150, ${half === 0 ? 'tuned on' : 'held out'}, ${wanted}: unsuited ${share}`)
      if (half === 0) continue
      if (wanted === 'none') check('held out: at most 4 % of general questions are unsuited', share.value <= 0.04)
      else check(`held out: at least 75 % of "${wanted}" are unsuited`, share.value >= 0.75)
    }
}

function speed(): void {
  const texts = read<Question>('banking77').map(({ text }) => text)
  const readings = texts.map((text) => readText(text))
  const timed = (what: string, job: (text: string, index: number) => void): number => {
    texts.forEach(job)
    const before = process.cpuUsage()
    texts.forEach(job)
    const { user, system } = process.cpuUsage(before)
    const each = (user + system) / texts.length
    console.log(`${what}: ${each.toFixed(0)} µs of CPU`)
    return each
  }
  const reading = timed('readText', (text) => void readText(text))
  const comparing = timed('compareReadings', (_, index) => {
    compareReadings(readings[index] as TextReading, readings[(index * 7 + 1) % readings.length] as TextReading)
  })
  const suiting = timed('unsuited', (text) => void unsuited(text))
  check('none takes more than 500 µs', Math.max(reading, comparing, suiting) <= 500)
}

pairs()
await neighbours()
unsuitable()
speed()
if (failed > 0) throw new Error(`${failed} of the limits do not hold`)
