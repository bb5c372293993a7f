import { expect, it } from 'vitest'
import { SluiceError } from '../errors.ts'
import { openaiError, openaiErrorBody } from './openai-errors.ts'

it.each([
  [
    'OpenAI',
    {
      error: {
        message: 'Too long.',
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    },
    { code: 'context_length_exceeded', type: 'invalid_request_error', message: 'Too long.' },
  ],
  [
    'OpenAI without code',
    { error: { message: 'Down.', type: 'server_error', param: null, code: null } },
    { code: 'server_error', type: 'server_error', message: 'Down.' },
  ],
  [
    'OpenRouter, in a chunk',
    { id: 'gen', choices: [], error: { code: 502, message: 'Upstream.' } },
    { code: '502', type: undefined, message: 'Upstream.' },
  ],
  [
    'vLLM, nested',
    { error: { message: 'Bad.', type: 'BadRequestError', param: null, code: 400 } },
    { code: 'BadRequestError', type: 'BadRequestError', message: 'Bad.' },
  ],
  [
    'vLLM, flat',
    { object: 'error', message: 'Bad.', type: 'BadRequestError', param: null, code: 400 },
    { code: 'BadRequestError', type: 'BadRequestError', message: 'Bad.' },
  ],
  [
    'an empty code',
    { error: { message: 'Down.', type: 'server_error', code: '' } },
    { code: 'server_error', type: 'server_error', message: 'Down.' },
  ],
  ['a string', { error: 'model not found' }, { code: 'error', type: undefined, message: 'model not found' }],
  ['an unknown shape', { error: { why: 'x' } }, { code: 'error', type: undefined, message: '{"why":"x"}' }],
])('reads the error of %s', (_, body, expected) => expect(openaiError(body)).toEqual(expected))

it.each([
  [null],
  [undefined],
  ['error'],
  [[]],
  [{}],
  [{ error: null }],
  [{ error: '' }],
  [{ error: 3 }],
  [{ object: 'list' }],
])('sees no error in %j', (value) => expect(openaiError(value)).toBe(undefined))

it('writes a body that the SDK reads code, type and message from', () => {
  const error = new SluiceError({ code: 'budget.exhausted', message: 'No money left.', details: { tenant: 'a' } })
  expect(openaiErrorBody(error)).toEqual({
    error: {
      code: 'budget.exhausted',
      message: 'No money left.',
      type: 'sluice_error',
      param: null,
      details: { tenant: 'a' },
    },
  })
})
