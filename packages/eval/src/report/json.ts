import { reportData, type ReportInput } from './report-data.ts'

/** A report as JSON: the run's header, its figures, the comparison, the gate and the warnings; no outputs. */
export function jsonReport(input: ReportInput): string {
  const { run, summary, comparison, gate, warnings, audits } = reportData(input)
  return `${JSON.stringify({ run: run.header, ended: run.footer, summary, comparison, gate, warnings, audits }, null, 2)}\n`
}
