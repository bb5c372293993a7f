import type { Stamp } from './dialects/dialect.ts'
import type { Vendor } from './failure.ts'
import type { OpenCall } from './journal.ts'
import type { State } from './state.ts'
import type { Inbound, Outbound } from './wire.ts'

/** One request at a route, with what the route needs to answer it. */
export interface Visit {
  readonly state: State
  readonly inbound: Inbound
  readonly call: OpenCall
  /** The request's number, from 1. */
  readonly number: number
  readonly stamp: Stamp
  /** What the groups of the route's pattern matched. */
  readonly groups: Readonly<Record<string, string | undefined>>
  readonly vendor: Vendor
  /** Serves another request inside this one, as a batch does with its lines. */
  nested(path: string, body: unknown): Promise<NestedAnswer>
}

export interface NestedAnswer {
  readonly status: number
  readonly requestId: string
  readonly body: unknown
}

export interface Route {
  readonly method: string
  /** Matched against the path without query. The beginnings of paths differ from host to host. */
  readonly pattern: RegExp
  /** Whose errors the route answers with. @default the vendor whose headers the request has */
  readonly vendor?: Vendor
  serve(visit: Visit): Outbound | Promise<Outbound>
}

/** Answers any request. It rejects only with the reason of an aborted signal. */
export type Serve = (inbound: Inbound) => Promise<Outbound>
