/** Assembles the kernel of flatIndex: `node packages/cache/tooling/assemble-kernel.ts`. A test holds the result to its source. */
import { readFileSync, writeFileSync } from 'node:fs'
import wabt from 'wabt'

const folder = `${import.meta.dirname}/../src/vector/kernel`

/** The bytes of scan.wat. */
export async function assembleKernel(): Promise<Uint8Array> {
  const { parseWat } = await wabt()
  const module = parseWat('scan.wat', readFileSync(`${folder}/scan.wat`, 'utf8'), { simd: true })
  module.validate()
  return module.toBinary({}).buffer
}

if (import.meta.main) {
  const base64 = Buffer.from(await assembleKernel()).toString('base64')
  const lines = base64.match(/.{1,100}/g) ?? []
  writeFileSync(
    `${folder}/kernel-bytes.ts`,
    '/** scan.wat, assembled by tooling/assemble-kernel.ts. Base64. */\n' +
      `export const kernelBytes: string =\n${lines.map((line) => `  '${line}'`).join(' +\n')}\n`,
  )
}
