import { exactVetoes, quantityVetoes } from './typed-values.ts'
import { vetoVersion } from './read-text.ts'
import { wordingVetoes } from './wording.ts'
import type { TextReading, Veto, VetoCheck } from './veto.ts'

/** Says why the answer to one text must not be given to the other; no vetoes say nothing. Symmetric but for which side is which. */
export function compareReadings(prompt: TextReading, neighbour: TextReading): VetoCheck {
  if (prompt.version !== vetoVersion || neighbour.version !== vetoVersion) return { vetoes: [], isUnread: true }
  if (prompt.digest !== undefined || neighbour.digest !== undefined)
    return { vetoes: longVetoes(prompt, neighbour), isUnread: true }
  const isUnread = prompt.language !== 'en' || neighbour.language !== 'en'
  const typed = [...quantityVetoes(prompt, neighbour), ...exactVetoes(prompt, neighbour)]
  if (!isUnread) return { vetoes: [...typed, ...wordingVetoes(prompt, neighbour)], isUnread }
  const [one, other] = [spoken(prompt), spoken(neighbour)]
  const isOther = one !== undefined && other !== undefined && one !== other
  return { vetoes: isOther ? [...typed, { kind: 'language', prompt: [one], neighbour: [other] }] : typed, isUnread }
}

function longVetoes(prompt: TextReading, neighbour: TextReading): Veto[] {
  return prompt.digest === neighbour.digest ? [] : [{ kind: 'long', prompt: [], neighbour: [] }]
}

/** The language of a text, where it is in one. */
function spoken({ language }: TextReading): string | undefined {
  return language === 'und' || language === 'code' ? undefined : language
}
