import { SluiceError, type Call, type TextPart } from '@sluice/core'
import { describe, DetectorFailure } from '../errors.ts'
import type { Provenance } from '../guard-options.ts'
import type { GuardsSettings } from '../guard-settings.ts'

/** Where the application says that a text comes from. @throws {SluiceError} `guard.callback` */
export function provenanceOf(part: TextPart, call: Call, { provenance }: GuardsSettings): Provenance | undefined {
  if (!provenance) return undefined
  const told = asked('provenance', () => provenance(part, call))
  if (told === undefined || typeof told?.source === 'string') return told
  throw wrongResult('provenance', '{ source } with a text')
}

/** The conversation that the application says a call belongs to. @throws {SluiceError} `guard.callback` */
export function chosenConversation(
  call: Call,
  choose: NonNullable<GuardsSettings['conversation']>,
): string | undefined {
  const told = asked('conversation', () => choose(call))
  if (told === undefined || (typeof told === 'string' && told !== '')) return told
  throw wrongResult('conversation', 'a text that is not empty')
}

function asked<T>(option: string, ask: () => T): T {
  try {
    return ask()
  } catch (thrown) {
    throw new SluiceError({
      code: 'guard.callback',
      message: `The function "${option}" of guards() threw (${describe(thrown)}), so the call was not let through.`,
      details: { option },
      cause: new DetectorFailure(thrown),
      status: 500,
    })
  }
}

function wrongResult(option: string, expected: string): SluiceError {
  return new SluiceError({
    code: 'guard.callback',
    message: `The function "${option}" of guards() must return ${expected}, or undefined. It returned something else.`,
    details: { option },
    status: 500,
  })
}
