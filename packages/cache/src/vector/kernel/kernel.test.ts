import { describe, expect, it } from 'vitest'
import { assembleKernel } from '../../../tooling/assemble-kernel.ts'
import { kernelBytes } from './kernel-bytes.ts'
import { hasKernel, newKernel } from './kernel.ts'

describe('the kernel', () => {
  it('is what scan.wat says', async () => {
    expect(kernelBytes).toBe(Buffer.from(await assembleKernel()).toString('base64'))
  })

  it('runs here', () => {
    expect(hasKernel()).toBe(true)
    expect(newKernel(1).kernel.bound).toBeTypeOf('function')
  })
})
