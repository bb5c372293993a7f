// Prints the plain closing line of a test run, `N passed, M failed`, from the JSON that vitest wrote.
import { existsSync, readFileSync } from 'node:fs'

interface TestResult {
  success: boolean
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: unknown[] }[]
}

const path = process.argv[2] ?? ''
if (!existsSync(path)) {
  console.error('The test run left no result.')
  process.exitCode = 1
} else {
  const result = JSON.parse(readFileSync(path, 'utf8')) as TestResult
  // A file that fails before its first test counts as one failure, or it would not show.
  const broken = result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  const failed = result.numFailedTests + broken
  const skipped = result.numPendingTests + result.numTodoTests
  console.log(`${result.numPassedTests} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`)
  if (failed > 0 || !result.success) process.exitCode = 1
}
