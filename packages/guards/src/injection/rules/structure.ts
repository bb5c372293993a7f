import { beyond, codesOf, type Signs } from '../text/words.ts'
import type { Strength } from './phrase.ts'
import { scriptGroups } from './scripts.ts'

/** A pattern of signs and the characters of which a text must have one to match it. */
export type SignPattern = readonly [needs: string, pattern: RegExp]

/** Scripts whose phrases are looked for as patterns. */
export type Script = 'han' | 'kana' | 'hangul' | 'arabic' | 'devanagari'

/** A family that is seen in signs rather than words. Every pattern has bounded repeats and is checked to be linear. */
export interface SignGroup {
  readonly family: string
  readonly strength: Strength
  /** Each with signs of which a text must have one for the pattern to be tried; with none, it always is. */
  readonly patterns: readonly SignPattern[]
  /** How often a pattern must be found. @default 1 */
  readonly atLeast?: number
  /** The family of phrases that must have been found for the patterns to be tried. @default none */
  readonly after?: string
  /** The script of which a text must have a letter for the patterns to be tried. @default none */
  readonly script?: Script
}

/** Families told by marks of structure and by phrases of other scripts. */
export const signGroups: readonly SignGroup[] = [
  {
    family: 'forged_turn',
    strength: 'strong',
    patterns: [
      [
        '<',
        /<\|? ?\/? ?(?:im_start|im_end|im_sep|system|user|assistant|endoftext|end_of_text|eot_id|begin_of_text|start_header_id|end_header_id|endofprompt|start_of_turn|end_of_turn|human|sys|instructions?|prompt|admin)(?: ?\|)?>/g,
      ],
      [
        '[',
        /\[ ?\/? ?(?:inst|sys|system|system message|system prompt|admin|instructions?|assistant|developer|system note|sysadmin)(?: [a-z0-9][a-z0-9 ]{0,23})?\]/g,
      ],
      ['<', /<<\/?sys>>/g],
      ['<', /<(?:bos|eos|s|\/s|start|end|stop|eot)>/g],
      [
        '#=-*',
        /(?:^|\n)[ \t]{0,8}(?:#{1,6}|={2,8}|-{2,8}|\*{1,3}) ?(?:system|instructions?|new instructions?|system prompt|assistant|human|user|response|admin|prompt|input|end)(?: [a-z]{1,16})? ?(?:#{1,6}|={1,8}|-{1,8}|\*{1,3})? ?:?(?=\s|$)/g,
      ],
      [
        '>:',
        /(?:^|\n)[ \t{[(]{0,4}(?:system|sys|admin|administrator|root|developer|system message|system prompt|system note|new system prompt|openai)[\])}]? ?(?:>|:)/g,
      ],
      [':', /["'](?:role|from)["'] ?: ?["'](?:system|developer|assistant)["']/g],
      [
        ')]}"\'`-=#',
        /(?:[\]})]|"""|'''|```|---|===|###)[\])}"'`\s]{0,3}(?:system|new instructions?|instructions?|admin|end of (?:prompt|input|instructions?|text|document))\b/g,
      ],
    ],
  },
  {
    family: 'delimiter_run',
    strength: 'weak',
    patterns: [
      [')]}>', /[\]})>]{6}/g],
      ['"\'`', /(?:"""|'''|```)[^"'`]{0,20}(?:ignore|forget|new|stop|end)\b/g],
      ['-=#_~*', /[-=#_~*]{20}/g],
      ['[{(<', /[[{(<]{6}/g],
      ['<', /<\/?end>/g],
    ],
  },
  {
    family: 'forged_conversation',
    strength: 'weak',
    atLeast: 3,
    patterns: [
      [':', /(?:^|\n)[ \t*_>]{0,4}(?:user|human|assistant|ai|bot|gpt|chatgpt|model|me|you|q|a)[*_]{0,2} ?:/g],
      [':', /\b(?:q|a) ?: [a-z]/g],
    ],
  },
  {
    family: 'tagged_answer',
    strength: 'strong',
    patterns: [
      [
        '[',
        /\[ ?[^\]\n]{0,2}(?:gpt|chatgpt|dan|jailbreak|jailbroken|classic|stan|normal|normal output|developer mode output|evil|aim|dude|devmode|unfiltered|uncensored)[^\]\n]{0,2}\] ?:?/g,
      ],
      ['(', /\((?:dan|jailbreak|developer mode output|normal output|unfiltered|uncensored|evil)\) ?:?/g],
    ],
  },
  {
    family: 'image_exfiltration',
    strength: 'strong',
    patterns: [
      ['!', /!\[[^[\]\n]{0,80}\]\(https?:\/\/[^\s()?&=]{1,200}[?&=][^\s(){[<$]{0,200}[{[<$]/g],
      ['=', /src ?= ?["']?https?:\/\/[^\s"'<>?=]{1,200}\?[^\s"'{[<$:]{0,200}[{[<$]/g],
    ],
  },
  {
    family: 'prompt_placeholder',
    strength: 'weak',
    patterns: [
      [
        '{(<[',
        /\{ ?(?:user )?(?:prompt|request|question|input) ?(?:here)?\}|\((?:<prompt>|prompt|user input)\)|<prompt>|\[(?:insert )?(?:your )?(?:prompt|question|request)(?: here)?\]/g,
      ],
    ],
  },
  {
    family: 'code_request',
    strength: 'strong',
    after: 'code_verb',
    patterns: [
      [
        '',
        /\b(?:print|console\.log|echo|puts|println|printf|log|eval|len|str|repr|return|system\.out\.println)\s?\(? ?["']?\$?\{?(?:self\.)?(?:system|sys|initial|your|pre|secret|access|hidden)[ _]?(?:prompt|message|instructions?|code|key|rules|password|context)/g,
      ],
    ],
  },
  ...scriptGroups,
]

/** A place where signs of a family were found, in code units of the plain text. */
export interface SignHit {
  readonly group: SignGroup
  readonly start: number
  readonly end: number
}

const placesPerGroup = 32
const scripts: readonly (readonly [script: Script, from: number, to: number])[] = [
  ['han', 0x4e00, 0x9fff],
  ['kana', 0x3040, 0x30ff],
  ['hangul', 0xac00, 0xd7a3],
  ['arabic', 0x600, 0x6ff],
  ['devanagari', 0x900, 0x97f],
]
const noScripts: ReadonlySet<Script> = new Set()
const compiled = signGroups.map((group) => ({
  group,
  patterns: group.patterns.map(([needs, pattern]) => ({ needs: codesOf(needs), pattern })),
}))

/** Finds the first places of every group whose patterns occur often enough. `cues` are families of phrases that were found. */
export function findSigns(text: string, signs: Signs, cues: ReadonlyMap<string, number>): SignHit[] {
  const all: SignHit[] = []
  const written = signs.hasOneOf([beyond]) ? scriptsOf(text) : noScripts
  for (const { group, patterns } of compiled) {
    if (group.script !== undefined && !written.has(group.script)) continue
    if (group.after !== undefined && !cues.has(group.after)) continue
    const hits: SignHit[] = []
    for (const { needs, pattern } of patterns) {
      if (needs.length > 0 && !signs.hasOneOf(needs)) continue
      const found: SignHit[] = []
      // Not matchAll, which compiles the pattern anew.
      pattern.lastIndex = 0
      for (let match = pattern.exec(text); match && found.length < placesPerGroup; match = pattern.exec(text))
        found.push({ group, start: match.index, end: pattern.lastIndex })
      if (found.length >= (group.atLeast ?? 1)) hits.push(...found)
    }
    all.push(...hits.slice(0, placesPerGroup))
  }
  return all
}

/** The scripts that a text has letters of. */
function scriptsOf(text: string): ReadonlySet<Script> {
  const found = new Set<Script>()
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x600) continue
    for (const [script, from, to] of scripts) if (code >= from && code <= to) found.add(script)
  }
  return found
}
