import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SluiceError } from '@sluice/core'
import { collectCases } from '../suite/collect-cases.ts'
import { defineSuite, type Suite } from '../suite/suite.ts'

/** The suite that a module exports: its default export, else the only one among its exports. */
export async function loadSuite(file: string): Promise<Suite> {
  const path = resolve(file)
  const failed = (why: string, cause?: unknown): SluiceError =>
    new SluiceError({ code: 'cli.suite', message: `"${file}" ${why}`, details: { file }, cause })
  if (!existsSync(path)) throw failed('is not there.')
  let exported: Record<string, unknown>
  try {
    exported = (await import(pathToFileURL(path).href)) as Record<string, unknown>
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_UNKNOWN_FILE_EXTENSION')
      throw failed('is TypeScript, which this Node does not run: take Node 22.18 or later, or compile it.', error)
    throw error
  }
  const { default: main } = exported
  if (isSuite(main)) return await withCasesRead(main)
  const suites = Object.values(exported).filter(isSuite)
  if (suites.length !== 1)
    throw failed(
      suites.length === 0
        ? 'exports no suite: export default defineSuite(…).'
        : `exports ${suites.length} suites: export one of them as default.`,
    )
  return await withCasesRead(suites[0] as Suite)
}

/** Commands run a suite more than once and show its cases: what is read once, a generator say, must last for all of that. */
async function withCasesRead(suite: Suite): Promise<Suite> {
  return defineSuite(suite.name, { ...suite.options, cases: await collectCases(suite.name, suite.options.cases) })
}

function isSuite(value: unknown): value is Suite {
  const suite = value as Partial<Suite> | undefined | null
  return typeof suite?.name === 'string' && typeof suite.run === 'function' && typeof suite.options === 'object'
}
