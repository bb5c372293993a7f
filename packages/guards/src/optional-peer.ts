import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { SluiceError } from '@sluice/core'

/**
 * Loads a package that the application installs itself, at once, so that its absence shows at construction.
 *
 * @throws {SluiceError} `config.peer`, naming the guard that needs it and the command that installs it.
 */
export function optionalPeer<T>(guard: string, packageName: string, subpath = ''): T {
  const specifier = packageName + subpath
  try {
    const require = createRequire(import.meta.url)
    try {
      return require(specifier) as T
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error
      // It exports to `import` only; its modules can be required all the same.
      return require(fileURLToPath(import.meta.resolve(specifier))) as T
    }
  } catch (cause) {
    throw new SluiceError({
      code: 'config.peer',
      message: `${guard} needs the package "${packageName}", which could not be loaded. Install it: npm install ${packageName}`,
      details: { package: packageName },
      cause,
    })
  }
}
