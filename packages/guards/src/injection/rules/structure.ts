import { codesOf, type Signs } from '../text/words.ts'
import type { Strength } from './phrase.ts'

/** A pattern of signs and the characters of which a text must have one to match it. */
export type SignPattern = readonly [needs: string, pattern: RegExp]

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
}

/** Stands for any character beyond ASCII. */
const beyond = '\x80'

/** Families told by marks of structure and by phrases of scripts that put no blanks between words. */
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
  {
    family: 'override',
    strength: 'strong',
    patterns: [
      [
        beyond,
        /(?:忽略|无视|無視|忘记|忘掉|忘記|不要理会|不用理会|抛弃|绕过|跳过)[^。！？\n]{0,12}(?:指令|指示|提示|规则|規則|要求|命令|内容|設定|设定|约束|限制|对话)/gu,
      ],
      [
        beyond,
        /(?:以前|前|これまで|上記|上)の?[^。！？\n]{0,6}(?:指示|命令|ルール|プロンプト)[^。！？\n]{0,6}(?:無視|忘れ)/gu,
      ],
      [beyond, /(?:이전|위의|앞의)[^.!?\n]{0,8}(?:지시|명령|규칙)[^.!?\n]{0,6}(?:무시|잊)/gu],
    ],
  },
  {
    family: 'prompt_extraction',
    strength: 'strong',
    patterns: [
      [
        beyond,
        /(?:告诉我|显示|顯示|输出|輸出|打印|重复|重複|复述|泄露|透露|列出|说出|翻译)[^。！？\n]{0,10}(?:系统提示|系統提示|提示词|提示詞|系统指令|初始指令|你的指令|上面的(?:内容|文字|指令|话)|以上(?:内容|文字|指令)|密码|系统消息)/gu,
      ],
      [beyond, /你的(?:系统提示|提示词|初始指令|系统指令|指令)(?:是什么|是啥|有哪些)/gu],
    ],
  },
  {
    family: 'unrestricted',
    strength: 'strong',
    patterns: [
      [
        beyond,
        /(?:没有|不受|无|沒有)(?:任何)?[^。！？\n]{0,6}(?:限制|约束|道德|审查)[^。！？\n]{0,8}(?:ai|人工智能|助手|模型|机器人)/gu,
      ],
    ],
  },
]

/** A place where signs of a family were found, in code units of the plain text. */
export interface SignHit {
  readonly group: SignGroup
  readonly start: number
  readonly end: number
}

const placesPerGroup = 32
const compiled = signGroups.map((group) => ({
  group,
  patterns: group.patterns.map(([needs, pattern]) => ({ needs: codesOf(needs), pattern })),
}))

/** Finds the first places of every group whose patterns occur often enough. `cues` are families of phrases that were found. */
export function findSigns(text: string, signs: Signs, cues: ReadonlyMap<string, number>): SignHit[] {
  const all: SignHit[] = []
  for (const { group, patterns } of compiled) {
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
