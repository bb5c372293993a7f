import { createContext, Script } from 'node:vm'

const timeoutMs = 1_000
/** Only an engine that can be stopped runs a stranger's pattern on a stranger's text. */
const test = new Script('new RegExp(source, flags).test(text)')

/** Whether the pattern matches; `undefined` when that takes longer than a second. */
export function timedTest({ source, flags }: RegExp, text: string): boolean | undefined {
  try {
    return test.runInContext(createContext({ source, flags, text }), { timeout: timeoutMs }) as boolean
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined
    throw error
  }
}
