import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { githubSummary } from '../report/github.ts'
import { htmlReport, type HtmlOptions } from '../report/html.ts'
import { jsonReport } from '../report/json.ts'
import { junitReport } from '../report/junit.ts'
import { terminalReport } from '../report/terminal.ts'
import type { Judged } from './judge-run.ts'
import type { CliOptions } from './options.ts'
import { streamForPeople } from './say.ts'

/** Prints the report and writes those that the flags ask for. */
export function writeReports(judged: Judged, { flags }: CliOptions, cases?: HtmlOptions['cases']): void {
  const stream = streamForPeople(flags)
  const color = !flags.ci && !process.env['NO_COLOR'] && stream.isTTY === true
  stream.write(terminalReport(judged, { color }))
  if (flags.json !== undefined) write(flags.json, jsonReport(judged))
  if (flags.junit !== undefined) write(flags.junit, junitReport(judged))
  if (flags.html !== undefined) write(flags.html, htmlReport(judged, cases ? { cases } : {}))
  if (flags.github !== undefined) {
    const summary = githubSummary(judged)
    write(flags.github, summary)
    // Where GitHub's runner collects what is shown on the page of the job.
    const collected = process.env['GITHUB_STEP_SUMMARY']
    if (collected) appendFileSync(collected, summary)
  }
}

function write(file: string, text: string): void {
  if (file === '-') {
    process.stdout.write(text)
    return
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
