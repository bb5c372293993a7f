import type { JsonObject } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { acme, chatAnswer, chatQuery, outcomeOf, plainCache } from '../cache-fixture.ts'
import { remoteContent } from './remote-content.ts'

const referencesIn = (request: JsonObject): string[] =>
  remoteContent(request).map(({ path, reference }) => `${path.join('.')} = ${reference}`)

const url = 'https://files.example/a.png'
const said = (...content: JsonObject[]): JsonObject => ({ messages: [{ role: 'user', content }] })
const given = (...content: JsonObject[]): JsonObject => ({ input: [{ role: 'user', content }] })
const picture = (address: string): JsonObject => said({ type: 'image_url', image_url: { url: address } })

describe('remoteContent', () => {
  it.each<[JsonObject, string[]]>([
    [picture(url), [`messages.0.content.0.image_url.url = ${url}`]],
    [given({ type: 'input_image', image_url: url }), [`input.0.content.0.image_url = ${url}`]],
    [given({ type: 'input_image', file_id: 'file_1' }), ['input.0.content.0.file_id = file_1']],
    [given({ type: 'input_file', file_url: url }), [`input.0.content.0.file_url = ${url}`]],
    [said({ type: 'file', file: { file_id: 'file_1' } }), ['messages.0.content.0.file.file_id = file_1']],
    [said({ type: 'image', source: { type: 'url', url } }), [`messages.0.content.0.source.url = ${url}`]],
    [said({ type: 'document', source: { type: 'file', file_id: 'f' } }), ['messages.0.content.0.source.file_id = f']],
    [said({ type: 'video_url', video_url: { url } }), [`messages.0.content.0.video_url.url = ${url}`]],
    [said({ type: 'input_audio', input_audio: { data: url } }), [`messages.0.content.0.input_audio.data = ${url}`]],
    [{ messages: [{ role: 'assistant', audio: { id: 'audio_1' } }] }, ['messages.0.audio.id = audio_1']],
    [{ input: [{ image: url }] }, [`input.0.image = ${url}`]],
  ])('is listed for %j', (request, references) => {
    expect(referencesIn(request)).toEqual(references)
  })

  it.each<[JsonObject]>([
    [picture('data:image/png;base64,iVBORw0KGgo=')],
    [said({ type: 'text', text: `What is on ${url}?` })],
    [said({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } })],
    [said({ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } })],
    [said({ type: 'tool_use', id: 't', name: 'open', input: { url, image_url: url, file_id: 'f' } })],
    [{ messages: [{ role: 'user', content: url }], tools: [{ image_url: url }] }],
    [{ input: [[1, 2], [3]], messages: null }],
  ])('is not what a request carries itself: %j', (request) => {
    expect(referencesIn(request)).toEqual([])
  })
})

describe('a cache', () => {
  it('never gives the answer on one image for another', async () => {
    const { answers } = plainCache()
    const images = ['iVBORw0KGgo=', 'iVBORw0KGgA='].map((bytes) => chatQuery(picture(`data:image/png;base64,${bytes}`)))
    await answers.store(images[0] as never, { answer: chatAnswer() }, acme)
    expect(await outcomeOf(answers, images[0])).toBe('hit exact')
    expect(await outcomeOf(answers, images[1])).toBe('miss absent')
  })

  it('has nothing on images that it cannot see', async () => {
    const { answers } = plainCache()
    expect(await outcomeOf(answers, chatQuery(picture(url)))).toBe('bypass remote_content')
    const stored = await answers.store(chatQuery(picture(url)), { answer: chatAnswer() }, acme)
    expect(stored).toEqual({ stored: false, reason: 'remote_content' })
  })

  it('takes the word of the application for what they are', async () => {
    const digests: Record<string, string> = { [url]: 'v1', 'https://cdn.example/same.png': 'v1' }
    const { answers } = plainCache({ digestOf: (reference) => digests[reference] })
    await answers.store(chatQuery(picture(url)), { answer: chatAnswer() }, acme)
    expect(await outcomeOf(answers, chatQuery(picture(url)))).toBe('hit exact')
    // The same bytes under a signed URL of the day.
    expect(await outcomeOf(answers, chatQuery(picture('https://cdn.example/same.png')))).toBe('hit exact')
    expect(await outcomeOf(answers, chatQuery(picture(`${url}?other`)))).toBe('bypass remote_content')
    digests[url] = 'v2'
    expect(await outcomeOf(answers, chatQuery(picture(url)))).toBe('miss absent')
  })
})
