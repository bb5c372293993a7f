import { kernelBytes } from './kernel-bytes.ts'
import { webAssembly, type WasmMemory, type WasmModule } from './web-assembly.ts'

/** The functions of scan.wat over one memory. Pointers are bytes. */
export interface Kernel {
  /** Writes upper bounds of the cosines of a group's vectors with the query, and gives the greatest. */
  bound(codes: number, bounds: number, query: number, length: number, unit: number, slack: number): number
  /** The cosine of two vectors of unit length, in double precision. */
  cosine(vector: number, query: number, length: number): number
}

let compiled: { readonly module: WasmModule | undefined } | undefined

/** A kernel over a new memory of so many pages of 64 KiB. @throws {RangeError} where the process has no room for it. */
export function newKernel(pages: number): { readonly kernel: Kernel; readonly memory: WasmMemory } {
  const wasm = webAssembly()
  const module = kernelModule()
  if (!wasm || !module) throw new RangeError('This engine has no WebAssembly with SIMD.')
  const memory = new wasm.Memory({ initial: pages })
  return { kernel: new wasm.Instance(module, { flat: { memory } }).exports as Kernel, memory }
}

/** True where {@link newKernel} can give one: the engine has WebAssembly, with SIMD in it. */
export function hasKernel(): boolean {
  return kernelModule() !== undefined
}

function kernelModule(): WasmModule | undefined {
  compiled ??= { module: compile() }
  return compiled.module
}

function compile(): WasmModule | undefined {
  const wasm = webAssembly()
  try {
    return wasm && new wasm.Module(Uint8Array.from(atob(kernelBytes), (char) => char.charCodeAt(0)))
  } catch {
    return undefined
  }
}
