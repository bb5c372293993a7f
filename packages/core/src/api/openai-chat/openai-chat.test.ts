import { describe, it } from 'vitest'
import { apiContract } from '../../testing/api-contract.ts'
import { chatServerFixtures } from '../../testing/fixtures/openai-chat-servers.ts'
import { chatFixtures } from '../../testing/fixtures/openai-chat.ts'
import { chatRequestFixtures } from '../../testing/fixtures/openai-requests.ts'
import { openaiChat } from './index.ts'

describe('contract', () => {
  for (const { name, run } of apiContract(openaiChat, [...chatFixtures, ...chatServerFixtures, ...chatRequestFixtures]))
    it(name, run)
})
