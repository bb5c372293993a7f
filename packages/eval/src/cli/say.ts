import type { Flags } from './options.ts'

/** A line of a command's output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Where people are told of a run: not the output when a report goes there, for a program to read. */
export function streamForPeople({ json, junit, html, github }: Flags): NodeJS.WriteStream {
  return [json, junit, html, github].includes('-') ? process.stderr : process.stdout
}
