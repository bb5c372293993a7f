import { SluiceError } from '../errors.ts'

export function fullError(waiting: number, maxWaiting: number): SluiceError {
  return new SluiceError({
    code: 'queue.full',
    message: `The queue is full: ${waiting} wait and maxWaiting is ${maxWaiting}. Try again later, or send less at once.`,
    details: { waiting, maxWaiting },
    status: 503,
    retryAfterMs: 1_000,
  })
}

/** `by` tells whether it was the queue's own limit or the deadline of the caller that passed. */
export function timeoutError(waitedMs: number, by: 'timeout' | 'deadline', waiting: number): SluiceError {
  return new SluiceError({
    code: 'queue.timeout',
    message: `The call waited ${Math.round(waitedMs)} ms in the queue, and its ${by} passed before it was its turn.`,
    details: { waitedMs, by, waiting },
    status: 503,
  })
}
