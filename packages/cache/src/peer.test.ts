import { expect, it } from 'vitest'
import { loadPeer } from './peer.ts'

it('gives what it loads', async () => {
  expect(await loadPeer('flatIndex', 'peer', async () => ({ a: 1 }))).toEqual({ a: 1 })
})

it('names a package that is missing, and says how to get it', async () => {
  // Resolved by Node, as in an application that did not install it.
  const name: string = 'a-package-that-nobody-installed'
  const failure = loadPeer('usearchIndex', name, () => import(/* @vite-ignore */ name))
  await expect(failure).rejects.toMatchObject({ code: 'config.peer', details: { package: name } })
  await expect(failure).rejects.toThrow(`usearchIndex() needs the package "${name}", `)
  await expect(failure).rejects.toThrow(`npm install ${name}`)
})

it('tells one that is there and fails from one that is missing', async () => {
  const cause = new Error('invalid ELF header')
  const failing = loadPeer('usearchIndex', 'usearch', () => Promise.reject(cause))
  await expect(failing).rejects.toThrow('failed to load: Error: invalid ELF header')
  await expect(failing).rejects.toMatchObject({ code: 'config.peer', cause })
  const missing = Object.assign(new Error("Cannot find package 'usearch'"), { code: 'ERR_MODULE_NOT_FOUND' })
  await expect(loadPeer('usearchIndex', 'usearch', () => Promise.reject(missing))).rejects.toThrow('not installed')
  // What it needs itself is missing: installing it again is no help.
  const deeper = Object.assign(new Error("Cannot find package 'bindings'"), { code: 'ERR_MODULE_NOT_FOUND' })
  await expect(loadPeer('usearchIndex', 'usearch', () => Promise.reject(deeper))).rejects.toThrow('failed to load')
})
