import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const command = fileURLToPath(new URL('guards.ts', import.meta.url))

it('ends quietly where nobody reads what it prints', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guards-command-'))
  try {
    const log = join(folder, 'log.jsonl')
    writeFileSync(log, '{"text":"ada@example.com"}\n'.repeat(50))
    const args = ['--conditions=@sluice/source', command, 'bench', log, '--guard', 'pii']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    // As `head` does when it has read enough.
    child.stdout.destroy()
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
    const [code] = await once(child, 'close')
    expect([code, said]).toEqual([0, ''])
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 60_000)
