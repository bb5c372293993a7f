/** What a piece of text is by its shape alone. */
export type PieceKind = 'word' | 'number' | 'date' | 'time' | 'code' | 'url' | 'symbol' | 'stop'

export interface Piece {
  readonly kind: PieceKind
  /** As written, with straight quotes. */
  readonly raw: string
  readonly lower: string
  /** Nothing stands between this piece and the one before it: `5km`, `$5`. */
  readonly isGlued: boolean
  /** Begins with a capital letter. */
  readonly isCapital: boolean
  /** First word of the text or of a sentence, where a capital letter says nothing. */
  readonly isInitial: boolean
}

const extensions =
  'jsx?|tsx?|mjs|cjs|json|ya?ml|toml|py|rb|go|rs|java|kt|swift|cpp|hpp|cs|php|sh|sql|html?|css|scss|md|txt|csv|tsv|xml|pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|svg|zip|tar|gz|exe|dll|log|ini|cfg|conf|env|lock|ipynb'

// Every repetition is bounded, so that a hostile text costs a constant per character.
const shapes = [
  String.raw`(?<url>https?:\/\/[^\s<>"'\x60]{1,2000}|www\.[^\s<>"'\x60]{1,2000}|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64})`,
  String.raw`(?<span>\x60[^\x60\n]{1,200}\x60)`,
  String.raw`(?<flag>(?<![\w-])--?[A-Za-z][\w-]{0,40})`,
  String.raw`(?<path>(?:(?<![\w)])\/|\.{1,2}\/|~\/)[\w.-]{1,60}(?:\/[\w.-]{1,60}){0,12}|(?:[\w-]{1,60}\/){0,8}[\w-]{1,60}(?:\.[\w-]{1,20}){0,2}\.(?:${extensions})(?![\w]))`,
  String.raw`(?<date>\d{4}-\d{1,2}-\d{1,2}(?!\d)|\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})(?![\d.]))`,
  String.raw`(?<time>\d{1,2}:\d{2}(?::\d{2})?(?!\d))`,
  String.raw`(?<version>(?<![\p{L}\d])[vV]\d{1,9}(?:\.\d{1,9}){0,3}(?:-(?:alpha|beta|rc)[.\d]{0,6})?(?![\p{L}\d]))`,
  String.raw`(?<number>\d{1,3}(?:,\d{3}){1,6}(?!\d)(?:\.\d{1,20})?|\d{1,40}(?:\.\d{1,20}){0,4})`,
  String.raw`(?<word>\p{L}[\p{L}\p{M}\d_]{0,80}(?:'\p{L}{1,10}){0,2}|_[\w]{1,80})`,
  String.raw`(?<stop>[.?!;]{1,8}|\n{2,})`,
  String.raw`(?<symbol>[$€£¥₹₩₽₿%‰°&/+@#=<>*,:(){}|^~[\]-])`,
]
const pattern = new RegExp(shapes.join('|'), 'gu')
const inner = /^(?:\p{L}+_\w*|_\w+|\w+_\w+|\p{Ll}+\p{Lu}\w*|\p{Lu}[\p{Ll}\d]+\p{Lu}\p{Ll}\w*|\p{L}+\d[\p{L}\d]*)$/u
const branded =
  /^(?:i(?:phone|pad|os|mac|cloud|tunes|message|pod)|e(?:bay|mail|sim|book|commerce)|pay(?:pal)|you(?:tube)|git(?:hub|lab)|java(?:script)|type(?:script)|linked(?:in)|whats(?:app)|tik(?:tok)|face(?:book)|mac(?:os|book)|mongo(?:db)|post(?:gre)?s?(?:ql)?|my(?:sql)|dynamo(?:db)|open(?:ai)|chat(?:gpt)|deep(?:seek|mind)|snap(?:chat)|air(?:bnb)|fed(?:ex)|mc(?:\w+)|mac[a-z]+|o'[a-z]+|di[sd]ney)$/i

/** Cuts a text into pieces, in one pass. */
export function scan(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  let isInitial = true
  for (const match of text.matchAll(pattern)) {
    const { index, groups = {} } = match
    const raw = match[0]
    const isGlued = index === end && end > 0
    end = index + raw.length
    const kind = kindOf(raw, groups)
    const first = raw.charCodeAt(0)
    const isCapital = first < 128 ? first >= 65 && first <= 90 : first !== 0 && /^\p{Lu}/u.test(raw)
    pieces.push({ kind, raw, lower: raw.toLowerCase(), isGlued, isCapital, isInitial: isInitial && kind === 'word' })
    if (kind === 'stop') isInitial = true
    else if (kind !== 'symbol') isInitial = false
  }
  return pieces
}

function kindOf(raw: string, groups: Record<string, string | undefined>): PieceKind {
  if (groups['word'] !== undefined)
    return inner.test(raw) && !branded.test(raw) && !/^q[1-4]$/i.test(raw) ? 'code' : 'word'
  if (groups['number'] !== undefined || groups['version'] !== undefined) return 'number'
  if (groups['stop'] !== undefined) return 'stop'
  if (groups['symbol'] !== undefined) return 'symbol'
  if (groups['url'] !== undefined) return 'url'
  if (groups['date'] !== undefined) return 'date'
  if (groups['time'] !== undefined) return 'time'
  return 'code'
}
