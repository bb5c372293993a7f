/** What each command does and takes. */
const commands: Readonly<Record<string, string>> = {
  run: `run <suite file>            runs the suite, reports, compares with the baseline where there is one
    --out <file>              the run file [<dir>/runs/<suite>/<time>.jsonl]
    --resume                  goes on with the run file, or else with the newest, instead of beginning one
    --repeats <n>             trials of each case, instead of the suite's
    --only <text>             only cases whose id or a tag has the text
    --shard <i>/<n>           one part of the cases, not compared; put the parts together with "merge"
    --record <file>           sends and keeps all calls that go through recordedCalls()
    --replay <file>           answers them from the file; sends nothing
    --label <name>=<text>     what the run is of; more than once
    --watch                   runs again when a file beside the suite changes; unchanged calls are not sent again
    --confirm <n>             fresh trials of cases that may have broken, before they are told so; 0 for none [4]
    --on-inconclusive <how>   pass, fail, or rerun: adds trials until it is settled, at most twice [pass]
    and the options of "compare"`,
  compare: `compare <run> <baseline>    compares two run files
    --baseline <file>         what "run" compares with [<dir>/baselines/<suite>.jsonl]
    --no-baseline             compares with nothing
    --margin <x>              a fall of the mean of up to this is no harm, 0 to 1 [0]
    --alpha <x>               chance of a false alarm [0.05]
    --strict                  a regression must be larger than the margin for certain
    --force                   compares although scorers have other versions
    --must-pass <tag>         cases with the tag must pass in every trial; more than once
    --max-unscored <x>        share of trials that may have no score [0.02]
    --audit <file>            what "audit-judge" found, for the report; more than once
    --json, --junit, --html, --github <file>   writes a report ("-": to the output)
    --ci                      plain text, no progress bar`,
  bless: `bless <run>                 makes a run file the baseline of its suite, and drops the history
    --add                     adds it to the history of the baseline instead: same prompt, same model`,
  plan: `plan <run>                  how many cases and repeats it takes, from a run with repeats
    --difference <x>          the fall that is to be seen [0.03]
    --power <x>               with which chance [0.8]`,
  aa: `aa <suite file>             runs the suite twice as it is, and reports the noise and any false alarm
    --repeats <n>             of each of the two [2]`,
  'audit-judge': `audit-judge <suite file> <labelled.jsonl>   measures a judge of the suite against labels of people
    --judge <name>            the scorer [the only judge]
    --out <file>              where what was found is kept
    --repeats <n>             how often each item is judged [2]
    --attacked <n>            how many bad outputs are attacked [20]`,
  history: `history <suite name>        the kept runs of a suite and their means`,
  merge: `merge <out> <run> <run> …   puts the parts of a sharded run together`,
  report: `report <run>                reports on a run file; takes the options of "compare"`,
}

/** The help of all commands, or of one. */
export function help(command?: string): string {
  const one = command !== undefined && Object.hasOwn(commands, command) ? commands[command] : undefined
  const parts = one === undefined ? Object.values(commands) : [one]
  return [
    'sluice-eval: suites, judges and regressions with statistics that can be trusted',
    '',
    ...parts.map((part) => `  sluice-eval ${part}\n`),
    '  --dir <folder>              where runs, baselines and histories are kept [.sluice-eval]',
    '',
    'exit code: 0 fine, 1 regressed or a case that must pass did not, 2 an error or too little was scored, 3 inconclusive',
  ].join('\n')
}
