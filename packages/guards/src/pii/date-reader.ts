import { dash, digit, isAlnumAt, isDigitAt, kindAt, space } from './characters.ts'
import { beginsMonth, longestMonth, monthNumber } from './months.ts'

/** A date as it is written. */
export interface WrittenDate {
  /** The first code unit after it. */
  readonly end: number
  /** Its day, `1979-03-03`. Of `03/04/1979` the first number is taken for the day. */
  readonly iso: string
  readonly form: 'numbers' | 'unbroken' | 'named' | 'eastAsian'
}

const letter = /[\p{L}\p{M}]/u
const [yearSigns, monthSigns, daySigns] = ['年년', '月월', '日일']
const ordinals: ReadonlySet<string> = new Set(['st', 'nd', 'rd', 'th', 'er'])
const ordinalSigns = '.ºª°'
/** Of two digits, the years from here on are of the last century. */
const pivot = 30

/**
 * Reads the date that begins at a place: numbers (`1980-03-12`, with a time of day behind it too, `12.03.1980`, `3/12/80`),
 * unbroken digits (`19800312`, `12031980`), with the name of the month (`12th of March, 1980`, `3 de marzo de 1979`,
 * `March 12, 1980`), and `1990年12月1日`.
 *
 * Each reader is for one place. It looks at no more than some 50 characters.
 */
export class DateReader {
  readonly #text: string
  /** Whether the end of the text was met, so that more of it could change what was read. */
  open = false

  constructor(text: string) {
    this.#text = text
  }

  /** The date whose first number begins at `start`. */
  fromNumber(start: number): WrittenDate | undefined {
    const end = this.#digits(start, 8)
    switch (end - start) {
      case 8:
        return this.#unbroken(start, end)
      case 4:
        return this.#fromYear(start, end)
      case 1:
      case 2:
        return this.#isNumeric(end) ? this.#fromDay(start, end) : this.#named(start, end)
      default:
        return undefined
    }
  }

  /** `March 12, 1980`, the month at `start` and the day at `from`. */
  fromMonth(start: number, from: number): WrittenDate | undefined {
    const name = /^[a-z]{0,10}/i.exec(this.#text.slice(start, from))?.[0] ?? ''
    const end = this.#digits(from, 2)
    let at = this.#ordinalEnd(end)
    if (this.#code(at) === 0x2c) at += 1
    if (end === from || !this.#isSpace(at)) return undefined
    return this.#dated(at + 1, monthNumber(name), this.#number(from, end), 'named')
  }

  #unbroken(start: number, end: number): WrittenDate | undefined {
    const number = (from: number, to: number): number => this.#number(start + from, start + to)
    return (
      dateOf(end, number(0, 4), number(4, 6), number(6, 8), 'unbroken') ??
      dayAndMonth(end, number(4, 8), number(0, 2), number(2, 4), 'unbroken')
    )
  }

  /** `1980-03-12`, `1979-03-03T00:00:00Z`, `1990年12月1日` */
  #fromYear(start: number, yearEnd: number): WrittenDate | undefined {
    const afterSign = this.#sign(yearEnd, yearSigns)
    const signed = afterSign > yearEnd
    const monthStart = signed ? afterSign : this.#separated(yearEnd)
    if (monthStart === yearEnd) return undefined
    const monthEnd = this.#digits(monthStart, 2)
    const dayStart = signed ? this.#sign(monthEnd, monthSigns) : this.#separated(monthEnd)
    if (dayStart === monthEnd) return undefined
    const dayEnd = this.#digits(dayStart, 2)
    const end = signed ? this.#sign(dayEnd, daySigns, false) : this.#timeEnd(dayEnd)
    if (signed && end === dayEnd) return undefined
    const monthOf = this.#number(monthStart, monthEnd)
    return dateOf(
      end,
      this.#number(start, yearEnd),
      monthOf,
      this.#number(dayStart, dayEnd),
      signed ? 'eastAsian' : 'numbers',
    )
  }

  /** Whether a separator and a number follow a day. */
  #isNumeric(dayEnd: number): boolean {
    const next = this.#separated(dayEnd)
    return next > dayEnd && this.#digits(next, 1) > next
  }

  /** `12.03.1980`, `3/12/80` */
  #fromDay(start: number, firstEnd: number): WrittenDate | undefined {
    const second = this.#separated(firstEnd)
    if (second === firstEnd) return undefined
    const secondEnd = this.#digits(second, 2)
    const third = this.#separated(secondEnd)
    const end = this.#digits(third, 4)
    if (third === secondEnd || !(end - third === 4 || end - third === 2)) return undefined
    const yearOf = this.#yearOf(third, end)
    return dayAndMonth(end, yearOf, this.#number(start, firstEnd), this.#number(second, secondEnd), 'numbers')
  }

  /** `12 March 1980`, `12th of March, 1980`, `3. März 1979`, `3 de marzo de 1979`, `12-Mar-80`, `12 March '80` */
  #named(start: number, dayEnd: number): WrittenDate | undefined {
    const gap = this.#ordinalEnd(dayEnd)
    // `3.März` is written, too.
    if (!this.#isGap(gap) && this.#text[gap - 1] !== '.') return undefined
    const first = this.#isGap(gap) ? gap + 1 : gap
    let end = this.#lettersEnd(first)
    let month = monthNumber(this.#text.slice(first, end))
    if (month === 0 && this.#isSpace(end)) {
      const from = end + 1
      end = this.#lettersEnd(from)
      month = monthNumber(this.#text.slice(from, end))
    }
    if (!month) return undefined
    let at = end
    if (this.#code(at) === 0x2e) at += 1
    if (this.#code(at) === 0x2c) at += 1
    if (!this.#isGap(at)) return undefined
    const short = !this.#isSpace(at)
    const dayOf = this.#number(start, dayEnd)
    if (this.#isApostrophe(at + 1)) return this.#dated(at + 2, month, dayOf, 'named', true)
    const linkEnd = this.#lettersEnd(at + 1)
    const linked = linkEnd > at + 1 && this.#isSpace(linkEnd) && monthNumber(this.#text.slice(at + 1, linkEnd)) === 0
    return this.#dated((linked ? linkEnd : at) + 1, month, dayOf, 'named', short)
  }

  /** With the year at `from`; `short` where it may have two digits. */
  #dated(
    from: number,
    monthOf: number | undefined,
    dayOf: number,
    form: WrittenDate['form'],
    short = false,
  ): WrittenDate | undefined {
    const end = this.#digits(from, 4)
    if (!monthOf || !(end - from === 4 || (short && end - from === 2))) return undefined
    return dateOf(end, this.#yearOf(from, end), monthOf, dayOf, form)
  }

  #yearOf(from: number, to: number): number {
    const written = this.#number(from, to)
    return to - from === 4 ? written : written + (written < pivot ? 2000 : 1900)
  }

  /** Where `T00:00:00.000Z` ends; `at` where there is none. */
  #timeEnd(at: number): number {
    if ((this.#code(at) | 0x20) !== 0x74) return at
    let end = at
    for (let count = 0; count < 3; count += 1) {
      const next = this.#digits(end + 1, 2)
      if (next !== end + 3) break
      end = next
      if (this.#code(end) !== 0x3a) break
    }
    if (end < at + 6) return at
    if (this.#code(end) === 0x2e && this.#digits(end + 1, 9) > end + 1) end = this.#digits(end + 1, 9)
    const zone = this.#code(end)
    if ((zone | 0x20) === 0x7a) return end + 1
    if (zone !== 0x2b && zone !== 0x2d) return end
    const hours = this.#digits(end + 1, 2)
    if (hours === end + 1) return end
    const minutes = this.#code(hours) === 0x3a ? hours + 1 : hours
    return this.#digits(minutes, 2) === minutes + 2 ? minutes + 2 : hours
  }

  /** The code unit at `at`, -1 at the end of the text. */
  #code(at: number): number {
    if (at < this.#text.length) return this.#text.charCodeAt(at)
    this.open = true
    return -1
  }

  /** Where the digits end that begin at `at`, after `most` of them at the latest. */
  #digits(at: number, most: number): number {
    let end = at
    while (end - at < most && isDigitAt(this.#text, end)) end += 1
    if (end >= this.#text.length) this.open = true
    return end
  }

  #number(from: number, to: number): number {
    return Number(this.#text.slice(from, to))
  }

  /** What comes after the separator of two numbers at `at`; `at` where there is none. */
  #separated(at: number): number {
    const code = this.#code(at)
    if (code === 0x2f || kindAt(this.#text, at) === dash) return at + 1
    if (code !== 0x2e) return at
    return this.#isSpace(at + 1) ? at + 2 : at + 1
  }

  /** What comes after one of the signs, and after a space behind it; `at` where there is none. */
  #sign(at: number, signs: string, spaced = true): number {
    if (this.#code(at) < 0x80 || !signs.includes(this.#text.charAt(at))) return at
    return spaced && this.#isSpace(at + 1) ? at + 2 : at + 1
  }

  #isSpace(at: number): boolean {
    this.#code(at)
    return kindAt(this.#text, at) === space
  }

  #isApostrophe(at: number): boolean {
    const code = this.#code(at)
    return code === 0x27 || code === 0x2019
  }

  #isGap(at: number): boolean {
    return this.#isSpace(at) || kindAt(this.#text, at) === dash
  }

  /** Where the ending of a day stops: `12th`, `3.`, `1er`, `1º`. */
  #ordinalEnd(at: number): number {
    const text = this.#text
    // One letter of it may be all there is so far.
    if (at + 1 >= text.length) this.open = true
    if (kindAt(text, at) === space || at >= text.length) return at
    if (ordinalSigns.includes(text.charAt(at))) return at + 1
    if (ordinals.has(text.slice(at, at + 2).toLowerCase())) return at + 2
    return (text.charCodeAt(at) | 0x20) === 0x65 ? at + 1 : at
  }

  /** Where the letters end that begin at `at`. */
  #lettersEnd(at: number): number {
    const text = this.#text
    let end = at
    while (end - at <= longestMonth && end < text.length && isLetterAt(text, end)) end += 1
    if (end >= text.length && beginsMonth(text.slice(at))) this.open = true
    return end
  }
}

function isLetterAt(text: string, at: number): boolean {
  return text.charCodeAt(at) < 0x80 ? isAlnumAt(text, at) && kindAt(text, at) !== digit : letter.test(text.charAt(at))
}

/** Of two numbers the first is the day where both may be. */
function dayAndMonth(
  end: number,
  yearOf: number,
  first: number,
  second: number,
  form: WrittenDate['form'],
): WrittenDate | undefined {
  return dateOf(end, yearOf, second, first, form) ?? dateOf(end, yearOf, first, second, form)
}

function dateOf(
  end: number,
  yearOf: number,
  monthOf: number,
  dayOf: number,
  form: WrittenDate['form'],
): WrittenDate | undefined {
  const isOne = yearOf >= 1900 && yearOf < 2100 && monthOf >= 1 && monthOf <= 12 && dayOf >= 1 && dayOf <= 31
  if (!isOne) return undefined
  return { end, iso: `${yearOf}-${String(monthOf).padStart(2, '0')}-${String(dayOf).padStart(2, '0')}`, form }
}
