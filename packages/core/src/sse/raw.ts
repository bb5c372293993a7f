/** Returns the object it is given, so that a subclass puts its private field on that object. */
// oxlint-disable-next-line no-extraneous-class -- a constructor is all it takes
class Itself {
  constructor(object: object) {
    return object
  }
}

class Stamp extends Itself {
  #frame: Uint8Array | undefined

  static set<T extends object>(event: T, frame: Uint8Array): T {
    ;(new Stamp(event) as Stamp).#frame = frame
    return event
  }

  static get(event: object): Uint8Array | undefined {
    return #frame in event ? event.#frame : undefined
  }
}

/**
 * The bytes that an event was parsed from, so that an event nobody changed goes out as it came in. Kept in a private
 * field of the event itself: invisible to everyone, gone in copies, and ten times cheaper than a `WeakMap`, whose entries
 * are a burden on the garbage collector too.
 */
export const rawFrame: {
  set: <T extends object>(event: T, frame: Uint8Array) => T
  get: (event: object) => Uint8Array | undefined
} = Stamp
