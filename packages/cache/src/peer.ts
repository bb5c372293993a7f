import { SluiceError } from '@sluice/core'

/**
 * Loads an optional peer where it is first used.
 *
 * @throws {SluiceError} `config.peer` when the package is not installed, or cannot be loaded here.
 */
export async function loadPeer<T>(user: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    const isMissing =
      (cause as { code?: unknown } | null)?.code === 'ERR_MODULE_NOT_FOUND' && String(cause).includes(name)
    const problem = isMissing ? 'which is not installed' : `which failed to load: ${String(cause)}`
    throw new SluiceError({
      code: 'config.peer',
      message: `${user}() needs the package "${name}", ${problem}. Install it beside @sluice/cache: npm install ${name}.`,
      details: { package: name },
      status: 500,
      cause,
    })
  }
}
