import { onlyWarns, type Detector, type StreamTrait, type Verdict } from '../detector.ts'
import { after } from '../maybe-promise.ts'
import type { Guarding } from '../stream/guarding.ts'

const known = new WeakMap<Guarding, Guarding>()

/**
 * Guards of text that its provider signed. It cannot be rewritten, since the signature would be one of another text, so what
 * would be redacted in it is warned of; what is to be blocked still is.
 */
export function unredacted(guarding: Guarding): Guarding {
  const made = known.get(guarding)
  if (made) return made
  const all = [guarding.live, guarding.sentence, guarding.buffer, guarding.late].map((list) => list.map(warning))
  const [live = [], sentence = [], buffer = [], late = []] = all.map((list) => list.filter((each) => !onlyWarns(each)))
  // Those that only warn are in nobody's way: they look when all is there.
  const changed = { ...guarding, live, sentence, buffer, late: [...late, ...all.flat().filter(onlyWarns)] }
  known.set(guarding, changed)
  return changed
}

/** A detector that warns where it would redact. */
function warning(detector: Detector): Detector {
  const { name, actions, stream, effort, streamMode, doubt, onError } = detector
  if (actions && !actions.includes('redact')) return detector
  const others = actions?.filter((action) => action !== 'redact') ?? ['warn', 'block']
  return {
    name,
    actions: others.length > 0 ? others : ['warn'],
    check: (text, context) => after(detector.check(text, context), warned),
    ...(stream && { stream: warningStream(stream) }),
    ...(effort && { effort }),
    ...(streamMode && { streamMode }),
    ...(doubt && { doubt }),
    ...(onError && { onError }),
  }
}

function warningStream(stream: StreamTrait): StreamTrait {
  const { maxMatch, lookBack } = stream
  const judge = (...looking: Parameters<Judge>): ReturnType<Judge> => {
    const looked = (stream as { judge: Judge }).judge(...looking)
    return {
      openAt: looked.openAt,
      // It may be worked out when it is asked for.
      get verdict() {
        return warned(looked.verdict)
      },
    }
  }
  const finish = (...ending: Parameters<Finish>): Verdict => warned((stream as { finish: Finish }).finish(...ending))
  return {
    maxMatch,
    couldGrow: (tail) => stream.couldGrow(tail),
    ...(lookBack !== undefined && { lookBack }),
    ...(stream.judge && { judge }),
    ...(stream.finish && { finish }),
  }
}

type Judge = NonNullable<StreamTrait['judge']>
type Finish = NonNullable<StreamTrait['finish']>

function warned(verdict: Verdict): Verdict {
  return verdict?.action === 'redact' ? { ...verdict, action: 'warn' } : verdict
}
