import { SluiceError } from '@sluice/core'

/** Also for whoever passes an address: this package opens no connections. */
export function noClientError(name: string, value: unknown): SluiceError {
  // An address may have a password in it.
  const got = typeof value === 'string' ? 'a string' : value === null ? 'null' : `a value of type ${typeof value}`
  return new SluiceError({
    code: 'config.redis_client',
    message:
      `${name}() needs a connected client of the package "redis", version 5 or later, got ${got}. ` +
      `Connect it yourself: ${name}(await createClient({ url }).on('error', console.error).connect()).`,
  })
}
