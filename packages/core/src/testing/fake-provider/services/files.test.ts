import { toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { fakeProvider } from '../fake-provider.ts'
import { inMemory, transports } from '../test-clients.ts'

describe.each(transports)('files, $name', ({ open }) => {
  it('come back as they went', async () => {
    await using clients = await open(fakeProvider())
    const { files } = clients.openai
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => i % 256)
    const file = await files.create({ file: await toFile(bytes, 'a.bin'), purpose: 'user_data' })
    expect(file).toMatchObject({
      object: 'file',
      bytes: 300,
      filename: 'a.bin',
      purpose: 'user_data',
      status: 'processed',
    })
    expect(new Uint8Array(await (await files.content(file.id)).arrayBuffer())).toEqual(bytes)
    expect(await files.retrieve(file.id)).toEqual(file)
    expect(await files.delete(file.id)).toMatchObject({ deleted: true })
    await expect(files.retrieve(file.id)).rejects.toMatchObject({ status: 404 })
  })

  it('are listed page by page, newest first unless told otherwise', async () => {
    await using clients = await open(fakeProvider())
    const { files } = clients.openai
    for (let i = 0; i < 5; i++) {
      await files.create({ file: await toFile(Buffer.from('x'), `${i}.txt`), purpose: i === 2 ? 'batch' : 'user_data' })
    }
    const names = async (query: object): Promise<string[]> => {
      const all = []
      for await (const file of files.list(query)) all.push(file.filename)
      return all
    }
    expect(await names({ limit: 2 })).toEqual(['4.txt', '3.txt', '2.txt', '1.txt', '0.txt'])
    expect(await names({ limit: 2, order: 'asc' })).toEqual(['0.txt', '1.txt', '2.txt', '3.txt', '4.txt'])
    expect(await names({ purpose: 'batch' })).toEqual(['2.txt'])
    const page = await files.list({ limit: 2 })
    expect([page.data.length, page.has_more]).toEqual([2, true])
  })
})

describe('files', () => {
  it('refuse what is no upload, no limit and no cursor', async () => {
    const provider = fakeProvider()
    const { openai } = inMemory(provider)
    const upload = await provider.fetch('http://test/v1/files', { method: 'POST', body: 'not a form' })
    expect(upload.status).toBe(400)
    const form = new FormData()
    form.set('file', new File(['x'], 'x'))
    expect((await provider.fetch('http://test/v1/files', { method: 'POST', body: form })).status).toBe(400)
    await expect(openai.files.list({ limit: 0 })).rejects.toMatchObject({ status: 400, param: 'limit' })
    await expect(openai.files.list({ after: 'file-none' })).rejects.toMatchObject({ status: 400, param: 'after' })
  })
})
