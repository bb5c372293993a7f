import assert from 'node:assert/strict'
import type { Api, ApiId, RequestOf, TextPart } from '../../api/api.ts'
import { deepFreeze } from '../../json.ts'
import type { Laws } from './fixture.ts'
import {
  assertJson,
  assertOnlyRewritten,
  rewritten,
  says,
  unknownFieldPaths,
  valueAt,
  withUnknownFields,
} from './json.ts'

/** The laws of the functions of an {@link Api} that read or change a request. */
export function requestLaws<A extends ApiId>(api: Api<A>, plain: RequestOf<A>): Laws {
  const strange = deepFreeze(withUnknownFields(plain)) as RequestOf<A>
  const both = [plain, strange]
  return {
    'withModel changes the model alone': () => {
      for (const request of both) {
        assert.strictEqual(api.withModel(request, api.model(request)), request)
        const changed = api.withModel(request, 'another-model')
        assert.equal(api.model(changed), 'another-model')
        assert.deepStrictEqual(api.withModel(changed, api.model(request)), request)
        assert.deepStrictEqual(api.prompt(changed), api.prompt(request))
      }
    },
    'withStream changes how the answer comes alone': () => {
      for (const request of both) {
        assert.strictEqual(api.withStream(request, api.isStream(request)), request)
        const streamed = api.withStream(request, true)
        const whole = api.withStream(streamed, false)
        assert.equal(api.isStream(whole), false)
        // A dialect that cannot stream leaves the request alone.
        if (streamed === request) assert.equal(api.withStream(request, false) === request, !api.isStream(request))
        else assert.equal(api.isStream(streamed), true)
        for (const changed of [streamed, whole]) {
          assert.strictEqual(api.withStream(changed, api.isStream(changed)), changed)
          assert.deepStrictEqual(api.prompt(changed), api.prompt(request))
          assertJson(changed)
        }
        // Options of streaming alone go with it: providers reject them in other requests.
        assert.deepStrictEqual(unknownFieldPaths(streamed), unknownFieldPaths(request))
        assert.deepStrictEqual(unknownFieldPaths(whole), unknownFieldPaths(request).filter(isKept))
      }
    },
    'withStreamUsage is idempotent and changes no text': () => {
      for (const request of both) {
        const whole = api.withStream(request, false)
        assert.strictEqual(api.withStreamUsage(whole), whole)
        const streamed = api.withStream(request, true)
        const once = api.withStreamUsage(streamed)
        assert.strictEqual(api.withStreamUsage(once), once)
        assert.equal(api.isStream(once), api.isStream(streamed))
        assert.deepStrictEqual(api.prompt(once), api.prompt(request))
        assert.deepStrictEqual(unknownFieldPaths(once), unknownFieldPaths(streamed))
        assertJson(once)
      }
    },
    'prompt parts say where they are': () => {
      for (const request of both) {
        for (const { path, text } of api.prompt(request))
          assert.ok(says(valueAt(request, path), text), `no such text at ${JSON.stringify(path)}`)
      }
    },
    'mapText with identity returns the same object': () => {
      for (const request of both)
        assert.strictEqual(
          api.mapText(request, ({ text }) => text),
          request,
        )
    },
    'mapText rewrites exactly the prompt parts': () => {
      for (const request of both) {
        const parts = api.prompt(request)
        const texts = parts.map((part, at) => rewritten(asTool(part), at))
        const seen: TextPart[] = []
        const changed = api.mapText(request, (part) => texts[seen.push(part) - 1] ?? '')
        assert.deepStrictEqual(seen, parts, 'mapText shows other parts than prompt lists')
        assert.deepStrictEqual(
          api.prompt(changed),
          parts.map((part, at) => ({ ...part, text: texts[at] })),
        )
        assertOnlyRewritten(
          request,
          changed,
          parts.map((part, at) => [part.text, texts[at] ?? '']),
        )
        assertJson(changed)
        for (const [at, part] of parts.entries()) mapsOne(api, request, part, texts[at] ?? '')
      }
    },
  }
}

function mapsOne<A extends ApiId>(api: Api<A>, request: RequestOf<A>, part: TextPart, text: string): void {
  const name = JSON.stringify(part.path)
  const changed = api.mapText(request, (other) => (JSON.stringify(other.path) === name ? text : other.text))
  assert.ok(says(valueAt(changed, part.path), text), `the new text is not at ${name}`)
  assertOnlyRewritten(request, changed, [[part.text, text]])
  for (const field of Object.keys(request as object)) {
    if (field !== part.path[0])
      assert.strictEqual(valueAt(changed, [field]), valueAt(request, [field]), `copied ${field} for nothing`)
  }
}

function asTool(part: TextPart): { readonly channel: string; readonly text: string } {
  return { channel: part.kind === 'tool_call' ? 'tool' : 'text', text: part.text }
}

function isKept(path: string): boolean {
  return !path.startsWith('/stream_options/')
}
