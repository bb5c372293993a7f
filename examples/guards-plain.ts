// Guards with no client: a text, a text that grows, arguments of a tool, guards that only watch. Offline.
//   node --conditions=@sluice/source examples/guards-plain.ts
import { checkText, createGuard, GuardBlockedError, pii } from '@sluice/guards'

// One text, once.
const { action, text, verdicts, timings } = await checkText('Call +44 20 7946 0958 or ada@example.com', [pii()])
console.log(action, text)
console.log(
  verdicts.map(({ guard, explanation, spans }) => ({
    guard,
    explanation,
    previews: spans.map(({ preview }) => preview),
  })),
)
console.log(timings.map(({ guard }) => guard))

// Both sides of an exchange: values go into the vault and come back where the answer names them.
const personal = pii({ restore: true })
const guard = createGuard({ input: [personal], output: [personal] })
const session = await guard.session({ conversation: 'c1' })
const sent = await session.input('I am ada@example.com')
console.log(sent.text)

const placeholder = sent.text.slice('I am '.length)
const stream = session.stream()
for (const delta of [
  'Hello ',
  placeholder.slice(0, 5),
  placeholder.slice(5, 12),
  `${placeholder.slice(12)}, mail eve@`,
  'example.com',
])
  console.log(JSON.stringify(await stream.push(delta)), 'held:', stream.held)
console.log(JSON.stringify(await stream.end()))

// Arguments of a tool are JSON: escapes are undone for the detectors, and what is put in is escaped.
const call = session.stream('arguments')
const json = `{"to":"${placeholder}","cc":"eve\\u0040example.com","card":4111111111111111}`
console.log((await call.push(json)) + (await call.end()))
console.log(session.restored)

// Before a block is switched on: the same guards as a shadow.
const trial = await createGuard({ input: [pii({ mode: 'block' })], shadow: true }).session()
console.log((await trial.input('My card is 4111 1111 1111 1111')).text)
console.log(
  trial
    .notes()
    .filter((note) => note.action === 'shadow')
    .map(({ reason, details }) => [reason, details?.['would']]),
)

try {
  await (await createGuard({ input: [pii({ mode: 'block' })] }).session()).input('My card is 4111 1111 1111 1111')
} catch (error) {
  if (GuardBlockedError.isInstance(error)) console.log(error.code, error.details['rules'])
}
