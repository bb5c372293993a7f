import { badOption } from '../eval-error.ts'
import { asText } from '../score/define-scorer.ts'
import { unscored } from '../score/outcome.ts'
import type { Scored } from '../score/scorer.ts'
import type { Criterion } from './criteria.ts'
import { judge, type Judge, type JudgeOptions } from './judge.ts'

/** What a preset can be told: its criteria and material are its own. */
export type PresetOptions = Omit<JudgeOptions, 'criteria' | 'material'>

/** The texts that an answer has to rest on. */
export interface SourcedOptions extends PresetOptions {
  /** The sources: documents that were retrieved, the text that was summarised. */
  readonly sources: (scored: Scored) => string | readonly string[]
}

/**
 * Whether an answer agrees with the reference answer (`expected`): does not contradict it, lacks nothing of it, and adds no
 * fact to it. Three questions with answers of their own, where a single letter would hide which it is. Unscored without a
 * reference (`no_expected`).
 */
export function factuality(options: PresetOptions): Judge {
  return preset(
    'factuality',
    options,
    [
      {
        id: 'no_contradiction',
        question: 'Is the output free of any statement that contradicts the reference?',
        weight: 2,
      },
      {
        id: 'complete',
        question: 'Does the output state every fact of the reference that answers the input?',
        weight: 2,
      },
      { id: 'no_extra', question: 'Is the output free of factual claims that the reference does not make or imply?' },
    ],
    'expected',
  )
}

/** Whether an answer answers the question of the input, by the case's `expected` where there is one. */
export function closedQa(options: PresetOptions): Judge {
  return preset('closedQa', options, [
    { id: 'answers', question: 'Does the output answer the question that the input asks?', mustPass: true },
    { id: 'correct', question: 'Is the answer right, by the reference where there is one?', mustPass: true },
  ])
}

/** Whether everything that an answer claims is in its sources. Unscored without any (`no_sources`). */
export function faithfulness(options: SourcedOptions): Judge {
  return preset(
    'faithfulness',
    options,
    [
      {
        id: 'supported',
        question: 'Is every factual claim of the output stated in or implied by the sources?',
        weight: 2,
      },
      { id: 'no_contradiction', question: 'Is the output free of statements that contradict the sources?' },
    ],
    'sources',
  )
}

/** Whether a summary says what matters in its sources, and nothing else. Unscored without any (`no_sources`). */
export function summary(options: SourcedOptions): Judge {
  return preset(
    'summary',
    options,
    [
      { id: 'main_points', question: 'Does the output state the main points of the sources?' },
      { id: 'supported', question: 'Is everything that the output states in the sources?' },
      { id: 'brief', question: 'Is the output shorter than the sources and free of repetition?' },
    ],
    'sources',
  )
}

function preset(
  name: string,
  { sources, ...options }: PresetOptions & Partial<SourcedOptions>,
  criteria: readonly Criterion[],
  needs: 'nothing' | 'expected' | 'sources' = 'nothing',
): Judge {
  for (const option of ['criteria', 'material'])
    if (option in options) throw badOption(`${name}()`, option, 'left out; the preset has its own', 'one')
  if (needs === 'sources' && typeof sources !== 'function')
    throw badOption(`${name}()`, 'sources', 'a function of what is scored', sources)
  if (needs !== 'sources' && sources !== undefined)
    throw badOption(`${name}()`, 'sources', 'left out; the preset asks for none', 'it')
  const judging = judge({ name, ...options, criteria, ...(sources && { material: sourced(sources) }) })
  return {
    ...judging,
    score(scored) {
      if (needs === 'expected' && scored.case.expected === undefined) return unscored('no_expected')
      if (sources && textsOf(sources(scored)).length === 0) return unscored('no_sources')
      return judging.score(scored)
    },
  }
}

/** Each source is a block of its own: none can speak for another. */
function sourced(sources: SourcedOptions['sources']): (scored: Scored) => Readonly<Record<string, string>> {
  return (scored) => {
    const texts = textsOf(sources(scored)).map((text, index) => [`source ${index + 1}`, text] as const)
    return { input: asText(scored.case.input), ...Object.fromEntries(texts) }
  }
}

function textsOf(sources: string | readonly string[]): readonly string[] {
  return (typeof sources === 'string' ? [sources] : sources).filter((text) => text.trim() !== '')
}
