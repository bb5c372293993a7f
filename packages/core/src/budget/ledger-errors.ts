import { SluiceError } from '../errors.ts'

export function badAmount(name: string, expected: string, got: unknown): SluiceError {
  const message = `${name} of a reservation must be ${expected}, got ${String(got)}.`
  return new SluiceError({ code: 'budget.amount', message, status: 500 })
}

export function noLimit(root: string): SluiceError {
  return new SluiceError({
    code: 'budget.no_limit',
    message: `No limit holds for "${root}", so nothing would be counted. Give it one, or set withoutLimit: 'allow' where that is meant.`,
    details: { root },
    status: 500,
  })
}

export function closed(id: string): SluiceError {
  return new SluiceError({
    code: 'budget.closed',
    message: `The reservation "${id}" is settled or has expired already. Reserve under another id.`,
    details: { id },
    status: 409,
  })
}

export function unknownReservation(id: string): SluiceError {
  return new SluiceError({
    code: 'budget.unknown',
    message: `The store has no reservation "${id}": it was never made, ended long ago, or was lost with the store's data.`,
    details: { id },
    status: 404,
  })
}

export function unavailable(message: string, cause?: unknown): SluiceError {
  return new SluiceError({
    code: 'budget.unavailable',
    message: `${message} Nothing may be spent until it can, beyond graceUsd of createLedger().`,
    status: 503,
    retryAfterMs: 1_000,
    cause,
  })
}
