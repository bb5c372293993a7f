import type { Detector, DetectorContext, StreamMode } from '../detector.ts'
import { describe, isOwn } from '../errors.ts'
import {
  checkDoubt,
  checkFunction,
  checkNames,
  checkNumber,
  checkOneOf,
  checkStreamMode,
  checkTexts,
  isPlain,
  judgeModes,
  type JudgeMode,
  refuse,
  shown,
  streamModeOf,
} from '../option-checks.ts'
import { failed, inOwnSpelling, isAmong, readLists, readVllm } from './classifier-answers.ts'
import { highest, type LabelScores, scoredVerdict } from './scored-verdict.ts'
import { checkCache, verdictCache, type VerdictCacheOptions } from './verdict-cache.ts'
import { windowsOf } from './windows.ts'

/** Settings that every classifier has. */
export interface ClassifierSettings {
  /** Names the guard. */
  readonly name?: string
  /** The labels that are bad, in any case. An answer that knows none of them fails, unless all that it names is `harmless`. */
  readonly labels: readonly string[]
  /** Labels that are not bad, in any case, for classifiers that name only the most probable one. @default none */
  readonly harmless?: readonly string[]
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

export interface VllmClassifierOptions extends Omit<ClassifierSettings, 'labels' | 'harmless'> {
  /** Where the server is: `http://localhost:8000`. */
  readonly url: string
  readonly model: string
  /** The labels that are bad, in any case. @default ['MALICIOUS', 'INJECTION', 'JAILBREAK', 'UNSAFE', 'LABEL_1'] */
  readonly labels?: readonly string[]
  /** The labels that are not, in any case. @default those of ['BENIGN', 'SAFE', 'LEGIT', 'LABEL_0'] that are not in `labels` */
  readonly harmless?: readonly string[]
  readonly apiKey?: string
  /** @default the global fetch */
  readonly fetch?: typeof fetch
}

const settingNames = 'name labels harmless threshold mode doubt maxCharacters cache onError streamMode'.split(' ')

/**
 * Detector from a classifier of yours: a function that scores texts by label. No label at all means that nothing was found;
 * labels of which none is known mean that the classifier is another one, and the check fails.
 *
 * @throws {SluiceError} `config.option` at construction; `guard.classifier` in a check whose answer has not a score for each
 * text, or no label that is known
 */
export function classifier(options: ClassifierOptions): Detector {
  checkNames('classifier()', options, [...settingNames, 'classify'])
  if (typeof options.classify !== 'function') refuse('classify of classifier() must be a function of texts.')
  return fromScores('classifier()', options, options.classify)
}

/**
 * Detector from a classifier behind HTTP: one POST for a text and its pieces.
 *
 * @throws {SluiceError} `config.option` at construction; `guard.classifier` when it cannot be reached, answers with an error,
 * cannot be read, or knows none of the labels
 */
export function httpClassifier(options: HttpClassifierOptions): Detector {
  const where = 'httpClassifier()'
  checkNames(where, options, [...settingNames, 'url', 'headers', 'body', 'read', 'fetch'])
  const { url, headers = {}, body = (inputs) => ({ inputs }), read = readLists } = options
  checkUrl(where, url)
  checkHeaders(where, headers)
  for (const [name, value] of Object.entries({ body, read, fetch: options.fetch })) checkFunction(where, name, value)
  return fromScores(where, options, async (texts, { signal }) => {
    const answer = await post(options.fetch ?? fetch, { url, headers, body: body(texts), signal })
    return read(answer, texts)
  })
}

/**
 * Detector from a sequence classifier on vLLM's `/classify`, such as Prompt Guard 1 (`BENIGN`, `INJECTION`, `JAILBREAK`),
 * Prompt Guard 2 (`BENIGN`, `MALICIOUS`, or `LABEL_0`, `LABEL_1` where the server has no names) or a DeBERTa for prompt injection.
 *
 * vLLM names the most probable label only. Where that one is harmless, the score is the next highest probability, whosever it
 * is. A label that is known neither as bad nor as harmless fails: a classifier that is misunderstood would be a guard that is off.
 *
 * @throws {SluiceError} `config.option` at construction; `guard.classifier` in a check, naming a label that is not known
 *
 * @see https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html, Classification API (2026-11)
 *
 * @example
 * vllmClassifier({ url: 'http://localhost:8000', model: 'meta-llama/Llama-Prompt-Guard-2-86M', name: 'prompt-guard' })
 */
export function vllmClassifier(options: VllmClassifierOptions): Detector {
  const where = 'vllmClassifier()'
  checkNames(where, options, [...settingNames, 'url', 'model', 'apiKey', 'fetch'])
  const { url, model, apiKey, labels = ['MALICIOUS', 'INJECTION', 'JAILBREAK', 'UNSAFE', 'LABEL_1'] } = options
  checkTexts(where, 'labels', labels)
  const { harmless = ['BENIGN', 'SAFE', 'LEGIT', 'LABEL_0'].filter((label) => !isAmong(labels, label)) } = options
  checkUrl(where, url)
  if (typeof model !== 'string' || model === '') refuse('model of vllmClassifier() must be a text.')
  // What it is instead is not shown: it may be the key.
  if (apiKey !== undefined && (typeof apiKey !== 'string' || apiKey.trim() === ''))
    refuse('apiKey of vllmClassifier() must be a text. Leave it out for a server that asks for none.')
  checkFunction(where, 'fetch', options.fetch)
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  const endpoint = `${url.replace(/\/(?:v1\/?)?$/, '')}/classify`
  return fromScores(where, { ...options, labels, harmless }, async (texts, { signal }) => {
    const answer = await post(options.fetch ?? fetch, { url: endpoint, headers, body: { model, input: texts }, signal })
    return readVllm(answer, labels, harmless)
  })
}

function fromScores(where: string, settings: ClassifierSettings, classify: ClassifierOptions['classify']): Detector {
  checkSettings(where, settings)
  const {
    name = 'classifier',
    labels,
    harmless = [],
    threshold = 0.5,
    mode = 'block',
    doubt,
    maxCharacters = 1_500,
  } = settings
  const { cache, onError, streamMode } = settings
  const verdicts = verdictCache<LabelScores>(cache)
  const ask = async (text: string, context: DetectorContext): Promise<LabelScores> => {
    const texts = windowsOf(text, maxCharacters, Math.floor(maxCharacters / 8))
    const scores = await classify(texts, context)
    const isWhole = Array.isArray(scores) && scores.length === texts.length
    if (!isWhole || !scores.every((each) => Object.values(each).every(Number.isFinite)))
      throw failed(`gave no scores for ${texts.length} texts`)
    return highest(scores.map((each) => inOwnSpelling(each, labels, harmless)))
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
  try {
    const response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    })
    if (response.ok) return await response.json()
    await response.body?.cancel()
    throw failed(`answered with HTTP ${response.status}`)
  } catch (thrown) {
    if (signal?.aborted === true || isOwn(thrown)) throw thrown
    // A parser quotes what it could not parse, and fetch has its reason one level down.
    if (thrown instanceof SyntaxError) throw failed('answered with what is no JSON')
    const { cause } = thrown as { readonly cause?: unknown }
    throw failed(`could not be asked (${describe(cause instanceof Error ? cause : thrown)})`)
  }
}

function checkUrl(where: string, url: unknown): void {
  if (typeof url !== 'string' || !/^https?:\/\/./.test(url))
    refuse(`url of ${where} must be an http(s) URL, got ${shown(url)}.`)
}

function checkHeaders(where: string, headers: unknown): void {
  const isRight = isPlain(headers) && Object.values(headers).every((value) => typeof value === 'string')
  if (!isRight) refuse(`headers of ${where} must be an object of texts: { authorization: 'Bearer …' }.`)
}

function checkSettings(where: string, settings: ClassifierSettings): void {
  const { name, labels, harmless, threshold, mode, doubt, maxCharacters, cache, onError, streamMode } = settings
  if (name !== undefined) checkTexts(where, 'name', [name])
  checkTexts(where, 'labels', labels)
  if (harmless !== undefined) {
    checkTexts(where, 'harmless', harmless, { mayBeEmpty: true })
    const both = harmless.find((label) => isAmong(labels, label))
    if (both !== undefined) refuse(`${shown(both)} is in labels and in harmless of ${where}: it can be one of the two.`)
  }
  if (threshold !== undefined) checkNumber(where, 'threshold', threshold, { min: 0, max: 1, fraction: true })
  if (mode !== undefined) checkOneOf(where, 'mode', mode, judgeModes)
  if (maxCharacters !== undefined) checkNumber(where, 'maxCharacters', maxCharacters, { min: 64 })
  if (doubt !== undefined) checkDoubt(where, doubt)
  if (onError !== undefined) checkOneOf(where, 'onError', onError, ['closed', 'open'])
  checkCache(where, cache)
  checkStreamMode(where, streamMode)
}
