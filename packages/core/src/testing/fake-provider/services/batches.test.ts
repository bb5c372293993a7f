import { toFile } from 'openai'
import { describe, expect, it } from 'vitest'
import { fakeProvider } from '../fake-provider.ts'
import { inMemory, type TestClients } from '../test-clients.ts'

const line = (custom_id: string, content: string, more: object = {}): string =>
  JSON.stringify({
    custom_id,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'gpt-5', messages: [{ role: 'user', content }], ...more },
  })

async function created({ openai }: TestClients, lines: string[]) {
  const file = await openai.files.create({
    file: await toFile(Buffer.from(lines.join('\n')), 'in.jsonl'),
    purpose: 'batch',
  })
  return openai.batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' })
}

describe('batches', () => {
  it('run their lines as calls of their own, and keep good and bad apart', async () => {
    const provider = fakeProvider().on(/refund/, 'Five days.')
    const clients = inMemory(provider)
    const batch = await created(clients, [line('a', 'A refund'), line('b', 'Hello', { n: 0 })])
    expect(batch).toMatchObject({ status: 'validating', request_counts: { total: 2 } })
    const { batches, files } = clients.openai
    expect((await batches.retrieve(batch.id)).status).toBe('in_progress')
    const done = await batches.retrieve(batch.id)
    expect(done).toMatchObject({ status: 'completed', request_counts: { total: 2, completed: 1, failed: 1 } })
    const output = JSON.parse(await (await files.content(done.output_file_id ?? '')).text())
    expect(output).toMatchObject({
      custom_id: 'a',
      response: { status_code: 200, body: { choices: [{ message: { content: 'Five days.' } }] } },
    })
    const errors = JSON.parse(await (await files.content(done.error_file_id ?? '')).text())
    expect(errors).toMatchObject({ custom_id: 'b', response: { status_code: 400, body: { error: { param: 'n' } } } })
    expect(
      provider.calls.filter((call) => call.api === 'openai.chat' || call.path.endsWith('completions')),
    ).toHaveLength(2)
  })

  it('can be cancelled before they have run', async () => {
    const clients = inMemory(fakeProvider())
    const { batches } = clients.openai
    const { id } = await created(clients, [line('a', 'x')])
    expect((await batches.cancel(id)).status).toBe('cancelling')
    expect((await batches.retrieve(id)).status).toBe('cancelled')
    await expect(batches.cancel(id)).rejects.toMatchObject({ status: 409 })
  })

  it('are listed, and refuse what they cannot run', async () => {
    const clients = inMemory(fakeProvider())
    const first = await created(clients, [line('a', 'x')])
    const second = await created(clients, [line('b', 'y')])
    const ids = []
    for await (const batch of clients.openai.batches.list({ limit: 1 })) ids.push(batch.id)
    expect(ids).toEqual([second.id, first.id])
    await expect(created(clients, ['{'])).rejects.toMatchObject({ status: 400, code: 'invalid_json_line' })
    await expect(clients.openai.batches.retrieve('batch_none')).rejects.toMatchObject({ status: 404 })
    await expect(clients.openai.batches.create({} as never)).rejects.toMatchObject({
      status: 400,
      param: 'input_file_id',
    })
  })

  it('survive a line whose connection breaks', async () => {
    const clients = inMemory(fakeProvider().fail('reset-before-headers'))
    const { id } = await created(clients, [line('a', 'x')])
    await clients.openai.batches.retrieve(id)
    expect(await clients.openai.batches.retrieve(id)).toMatchObject({
      request_counts: { failed: 1 },
      status: 'completed',
    })
  })
})

describe('message batches', () => {
  const params = (content: string, max_tokens = 50) => ({
    model: 'claude-haiku-4-5',
    max_tokens,
    messages: [{ role: 'user' as const, content }],
  })
  const requests = [
    { custom_id: 'a', params: params('A refund') },
    { custom_id: 'b', params: params('Hello', 0) },
  ]

  it('run their requests and hand out the results as JSON lines', async () => {
    const { anthropic } = inMemory(fakeProvider().on(/refund/, 'Five days.'))
    const { batches } = anthropic.messages
    const { id, processing_status } = await batches.create({ requests })
    expect(processing_status).toBe('in_progress')
    await expect(batches.results(id)).rejects.toThrow()
    const ended = await batches.retrieve(id)
    expect(ended).toMatchObject({ processing_status: 'ended', request_counts: { succeeded: 1, errored: 1 } })
    const results = []
    for await (const result of await batches.results(id)) results.push(result)
    expect(results).toMatchObject([
      { custom_id: 'a', result: { type: 'succeeded', message: { content: [{ text: 'Five days.' }] } } },
      { custom_id: 'b', result: { type: 'errored', error: { error: { type: 'invalid_request_error' } } } },
    ])
  })

  it('can be cancelled, listed and deleted', async () => {
    const { anthropic } = inMemory(fakeProvider())
    const { batches } = anthropic.messages
    const ids = [(await batches.create({ requests })).id, (await batches.create({ requests })).id]
    const listed = []
    for await (const batch of batches.list({ limit: 1 })) listed.push(batch.id)
    expect(listed).toEqual(ids.toReversed())
    expect((await batches.cancel(ids[0]!)).processing_status).toBe('canceling')
    expect(await batches.retrieve(ids[0]!)).toMatchObject({
      processing_status: 'ended',
      request_counts: { canceled: 2 },
    })
    expect(await batches.delete(ids[0]!)).toMatchObject({ type: 'message_batch_deleted' })
    await expect(batches.delete(ids[1]!)).rejects.toMatchObject({ status: 400 })
    await expect(batches.retrieve(ids[0]!)).rejects.toMatchObject({ status: 404 })
    await expect(batches.create({ requests: [] })).rejects.toMatchObject({ status: 400 })
  })
})
