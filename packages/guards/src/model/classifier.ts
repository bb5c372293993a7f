import { SluiceError } from '@sluice/core'
import type { Detector, DetectorContext, StreamMode } from '../detector.ts'
import {
  checkDoubt,
  checkNames,
  checkNumber,
  checkOneOf,
  checkStreamMode,
  checkTexts,
  judgeModes,
  type JudgeMode,
  refuse,
  streamModeOf,
} from '../option-checks.ts'
import { highest, type LabelScores, scoredVerdict } from './scored-verdict.ts'
import { checkCache, verdictCache, type VerdictCacheOptions } from './verdict-cache.ts'
import { windowsOf } from './windows.ts'

/** Settings that every classifier has. */
export interface ClassifierSettings {
  /** Names the guard. */
  readonly name?: string
  /** The labels that are bad. */
  readonly labels: readonly string[]
  /** The score from which a label counts, 0..1. @default 0.5 */
  readonly threshold?: number
  /** @default 'block' */
  readonly mode?: JudgeMode
  /** Only texts that this local guard scored within these bounds are asked about. @default all that no local guard blocked */
  readonly doubt?: { readonly guard: string; readonly from: number; readonly to: number }
  /** Longer texts are classified in pieces that overlap by an eighth; the highest score counts. @default 1500 */
  readonly maxCharacters?: number
  readonly cache?: VerdictCacheOptions
  /** @default that of the guard */
  readonly onError?: 'closed' | 'open'
  /** How to run on streams. @default that of the guard */
  readonly streamMode?: StreamMode
}

export interface ClassifierOptions extends ClassifierSettings {
  /** Scores of texts by label, 0..1, in the order of the texts. */
  readonly classify: (texts: readonly string[], context: DetectorContext) => Promise<readonly LabelScores[]>
}

export interface HttpClassifierOptions extends ClassifierSettings {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** What is posted as JSON. @default { inputs: texts }, as text-embeddings-inference and Hugging Face endpoints take it */
  readonly body?: (texts: readonly string[]) => unknown
  /** Reads the answer. @default lists of `{ label, score }` for each text */
  readonly read?: (answer: unknown, texts: readonly string[]) => readonly LabelScores[]
  /** @default the global fetch */
  readonly fetch?: typeof fetch
}

export interface VllmClassifierOptions extends Omit<ClassifierSettings, 'labels'> {
  /** Where the server is: `http://localhost:8000`. */
  readonly url: string
  readonly model: string
  /** @default ['LABEL_1', 'INJECTION', 'JAILBREAK', 'jailbreak', 'injection', 'malicious'] */
  readonly labels?: readonly string[]
  readonly apiKey?: string
  /** @default the global fetch */
  readonly fetch?: typeof fetch
}

const settingNames = ['name', 'labels', 'threshold', 'mode', 'doubt', 'maxCharacters', 'cache', 'onError', 'streamMode']

/**
 * Detector from a classifier of yours: a function that scores texts by label.
 *
 * @throws {SluiceError} `config.option` at construction; `guard.classifier` in a check whose answer has not a score for each text
 */
export function classifier(options: ClassifierOptions): Detector {
  checkNames('classifier()', options, [...settingNames, 'classify'])
  if (typeof options.classify !== 'function') refuse('classify of classifier() must be a function of texts.')
  return fromScores('classifier()', options, options.classify)
}

/**
 * Detector from a classifier behind HTTP: one POST for a text and its pieces.
 *
 * @throws {SluiceError} `config.option` at construction; `guard.classifier` when it answers with an error or cannot be read
 */
export function httpClassifier(options: HttpClassifierOptions): Detector {
  const where = 'httpClassifier()'
  checkNames(where, options, [...settingNames, 'url', 'headers', 'body', 'read', 'fetch'])
  const { url, headers = {}, body = (inputs) => ({ inputs }), read = readLists } = options
  checkUrl(where, url)
  return fromScores(where, options, async (texts, { signal }) => {
    const answer = await post(options.fetch ?? fetch, { url, headers, body: body(texts), signal })
    return read(answer, texts)
  })
}

/**
 * Detector from a sequence classifier on vLLM's `/classify`, such as Prompt Guard 2 (`LABEL_1` is malicious) or a DeBERTa for
 * prompt injection.
 *
 * @throws {SluiceError} `config.option` at construction; `guard.classifier` in a check
 *
 * @see https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html, Classification API (2026-11)
 *
 * @example
 * vllmClassifier({ url: 'http://localhost:8000', model: 'meta-llama/Llama-Prompt-Guard-2-86M', name: 'prompt-guard' })
 */
export function vllmClassifier(options: VllmClassifierOptions): Detector {
  const where = 'vllmClassifier()'
  checkNames(where, options, [...settingNames, 'url', 'model', 'apiKey', 'fetch'])
  const {
    url,
    model,
    apiKey,
    labels = ['LABEL_1', 'INJECTION', 'JAILBREAK', 'jailbreak', 'injection', 'malicious'],
  } = options
  checkUrl(where, url)
  if (typeof model !== 'string' || model === '') refuse('model of vllmClassifier() must be a text.')
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  const endpoint = `${url.replace(/\/(?:v1\/?)?$/, '')}/classify`
  return fromScores(where, { ...options, labels }, async (texts, { signal }) => {
    const answer = await post(options.fetch ?? fetch, { url: endpoint, headers, body: { model, input: texts }, signal })
    return readVllm(answer, labels)
  })
}

function fromScores(where: string, settings: ClassifierSettings, classify: ClassifierOptions['classify']): Detector {
  checkSettings(where, settings)
  const { name = 'classifier', labels, threshold = 0.5, mode = 'block', doubt, maxCharacters = 1_500 } = settings
  const { cache, onError, streamMode } = settings
  const verdicts = verdictCache<LabelScores>(cache)
  const ask = async (text: string, context: DetectorContext): Promise<LabelScores> => {
    const texts = windowsOf(text, maxCharacters, Math.floor(maxCharacters / 8))
    const scores = await classify(texts, context)
    const isWhole = Array.isArray(scores) && scores.length === texts.length
    if (!isWhole || !scores.every((each) => Object.values(each).every(Number.isFinite)))
      throw failed(`gave no scores for ${texts.length} texts`)
    return highest(scores)
  }
  return {
    name,
    effort: 'model',
    actions: [mode],
    ...(doubt && { doubt }),
    ...(onError && { onError }),
    ...streamModeOf(streamMode),
    async check(text, context) {
      const { value } = await verdicts.get([text], () => ask(text, context), context)
      return scoredVerdict(mode, value, threshold, labels)
    },
  }
}

interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly signal: AbortSignal | undefined
}

async function post(send: typeof fetch, { url, headers, body, signal }: Post): Promise<unknown> {
  const response = await send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw failed(`answered with HTTP ${response.status}`)
  }
  return response.json()
}

function readLists(answer: unknown, texts: readonly string[]): LabelScores[] {
  const lists: unknown = texts.length === 1 && Array.isArray(answer) && !Array.isArray(answer[0]) ? [answer] : answer
  if (!Array.isArray(lists)) throw failed('gave no list')
  return lists.map((list: unknown) => {
    if (!Array.isArray(list)) throw failed('gave no list of labels')
    return Object.fromEntries(list.map(({ label, score }: { label: string; score: number }) => [label, score]))
  })
}

/** vLLM names the most probable label only; of two, the other one has the rest. */
function readVllm(answer: unknown, labels: readonly string[]): LabelScores[] {
  const { data } = (answer ?? {}) as { data?: readonly { label?: string | null; probs?: readonly number[] }[] }
  if (!Array.isArray(data)) throw failed('gave no data')
  return data.map(({ label, probs }) => {
    if (typeof label !== 'string' || !Array.isArray(probs)) throw failed('gave no label or no probabilities')
    const top = Math.max(...(probs as number[]))
    if (labels.includes(label)) return { [label]: top }
    return probs.length === 2 ? { [labels[0] as string]: 1 - top } : {}
  })
}

/** The error of a classifier that did not classify; it quotes nothing of what it sent. */
function failed(what: string): SluiceError {
  return new SluiceError({
    code: 'guard.classifier',
    message: `A classifier of the guards ${what}. See that its URL, its model and "read" fit each other.`,
    status: 502,
  })
}

function checkUrl(where: string, url: unknown): void {
  if (typeof url !== 'string' || !/^https?:\/\/./.test(url))
    refuse(`url of ${where} must be an http(s) URL, got ${String(url)}.`)
}

function checkSettings(where: string, settings: ClassifierSettings): void {
  const { name, labels, threshold, mode, doubt, maxCharacters, cache, onError, streamMode } = settings
  if (name !== undefined) checkTexts(where, 'name', [name])
  checkTexts(where, 'labels', labels)
  if (threshold !== undefined) checkNumber(where, 'threshold', threshold, { min: 0, max: 1, fraction: true })
  if (mode !== undefined) checkOneOf(where, 'mode', mode, judgeModes)
  if (maxCharacters !== undefined) checkNumber(where, 'maxCharacters', maxCharacters, { min: 64 })
  if (doubt !== undefined) checkDoubt(where, doubt)
  if (onError !== undefined) checkOneOf(where, 'onError', onError, ['closed', 'open'])
  checkCache(where, cache)
  checkStreamMode(where, streamMode)
}
