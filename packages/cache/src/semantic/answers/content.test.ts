import { anthropicMessages, openaiChat } from '@sluice/core/apis'
import type { Api, JsonObject } from '@sluice/core'
import { describe, expect, it } from 'vitest'
import { chatAnswer } from '../tier-world.ts'
import { contentOf, sameContent } from './content.ts'
import { compared, isSameAnswer } from './same-answer.ts'

const chat = openaiChat as unknown as Api
const same = (a: JsonObject, b: JsonObject): boolean | undefined => sameContent(contentOf(chat, a), contentOf(chat, b))
const text = (a: string, b: string): boolean | undefined => same(chatAnswer(a), chatAnswer(b))

function toolAnswer(name: string, args: string): JsonObject {
  const message = {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: `call_${args.length}`, type: 'function', function: { name, arguments: args } }],
  }
  return { ...chatAnswer(''), choices: [{ index: 0, message, finish_reason: 'tool_calls' }] }
}

describe('what an answer says', () => {
  it('is the same label however it is spelled, and another one is another', () => {
    expect(text('Not urgent', ' not  urgent.')).toBe(true)
    expect(text('urgent', 'not urgent')).toBe(false)
    expect(text('42', '43')).toBe(false)
  })

  it('is the value of JSON, whatever the order of its fields, also between fences', () => {
    expect(text('{"a": 1, "b": [2]}', '```json\n{ "b": [2], "a": 1 }\n```')).toBe(true)
    expect(text('{"a": 1}', '{"a": 2}')).toBe(false)
    expect(text('{"a": [1, 2]}', '{"a": [2, 1]}')).toBe(false)
    expect(text('{"a": 1', '{"a": 1')).toBe(true)
  })

  it('is the names and arguments of tool calls, not their ids', () => {
    expect(same(toolAnswer('go', '{"x":1,"y":2}'), toolAnswer('go', '{"y": 2, "x": 1}'))).toBe(true)
    expect(same(toolAnswer('go', '{"x":1}'), toolAnswer('go', '{"x":2}'))).toBe(false)
    expect(same(toolAnswer('go', '{}'), toolAnswer('stay', '{}'))).toBe(false)
    expect(contentOf(chat, toolAnswer('go', '{"x":1}')).text).toContain('"name":"go"')
  })

  it('of different prose nobody can tell', () => {
    const [a, b] = ['You find it in the settings of the app.', 'Open the app and look at its settings.']
    expect(text(a, b)).toBeUndefined()
    expect(text(a, a.toUpperCase())).toBe(true)
    expect(text(a, 'settings')).toBeUndefined()
    expect(
      text(
        '{"note": "a rather long remark about what is to be done next"}',
        '{"note": "something else, at length, that one may say"}',
      ),
    ).toBeUndefined()
  })

  it('is read in every dialect', () => {
    const message = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'Refund' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 1 },
    }
    expect(contentOf(anthropicMessages as unknown as Api, message).digest).toBe(
      contentOf(chat, chatAnswer('refund.')).digest,
    )
  })
})

describe('whether two answers say the same', () => {
  const [a, b] = ['You find it in the settings of the app.', 'Open the app and look at its settings.'].map((said) =>
    compared(chat, 'asked', chatAnswer(said)),
  ) as [ReturnType<typeof compared>, ReturnType<typeof compared>]

  it('is for the application to say of prose, and only of that', async () => {
    const asked: string[] = []
    const judge = (one: { readonly text: string }): boolean => {
      asked.push(one.text)
      return true
    }
    expect(await isSameAnswer(a, b, judge)).toBe(true)
    const label = compared(chat, 'asked', chatAnswer('refund'))
    expect(await isSameAnswer(label, compared(chat, 'asked', chatAnswer('billing')), judge)).toBe(false)
    expect(asked).toEqual(['You find it in the settings of the app.'])
  })

  it('nobody knows where nobody is asked, or who is asked fails', async () => {
    expect(await isSameAnswer(a, b, undefined)).toBeUndefined()
    expect(await isSameAnswer(a, b, () => Promise.reject(new Error('down')))).toBeUndefined()
  })
})
