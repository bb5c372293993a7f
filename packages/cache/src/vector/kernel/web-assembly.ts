/** A WebAssembly.Memory, as far as it is used here. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/**
 * The engine's WebAssembly, as far as it is used here; `undefined` where there is none. Looked up anew each time: some
 * hosts switch it off while the process runs. Declared here because TypeScript has it among the types of browsers only.
 */
export function webAssembly(): WebAssemblyApi | undefined {
  return (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly
}

interface WebAssemblyApi {
  readonly Memory: new (init: { readonly initial: number }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: object }
}

/** Opaque. */
export type WasmModule = object
