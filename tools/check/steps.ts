// The table of checks, in the order in which they run.
export interface Step {
  readonly title: string;
  /** What Node runs; `{report}` is where the tests write their report. */
  readonly args: readonly string[];
  /** `kept`: printed at the end; `live`: printed as it comes; `faults`: printed only when it fails. */
  readonly output: 'kept' | 'live' | 'faults';
  /** Protects CI from a step that hangs. */
  readonly timeoutMinutes: number;
  /** Counted by its tests. */
  readonly isTests?: boolean;
}

const modules = 'node_modules';
const jest = [`${modules}/jest/bin/jest.js`, '--ci', '--json', '--outputFile', '{report}', '--reporters=./tools/check/case-reporter.ts'];
const alone = 'test/alone/';
const promises = 'test/promises/';
const stack = 'test/stack/';

export const steps: readonly Step[] = [
  { title: 'tracked files tell of no machine', args: ['tools/check-tracked.ts'], output: 'kept', timeoutMinutes: 2 },
  { title: 'generated names are fresh', args: ['tools/generate-semconv.ts', '--check'], output: 'faults', timeoutMinutes: 2 },
  { title: 'generated settings page is fresh', args: ['tools/generate-settings-docs.ts', '--check'], output: 'faults', timeoutMinutes: 2 },
  { title: 'generated prices are fresh', args: ['tools/generate-prices.ts', '--check'], output: 'faults', timeoutMinutes: 2 },
  {
    title: 'generated dashboards and alerts are fresh',
    args: ['tools/generate-grafana.ts', '--check'],
    output: 'faults',
    timeoutMinutes: 2,
  },
  {
    title: 'generated collector statements are fresh',
    args: ['tools/generate-collector.ts', '--check'],
    output: 'faults',
    timeoutMinutes: 2,
  },
  { title: 'format', args: [`${modules}/prettier/bin/prettier.cjs`, '--check', '.'], output: 'faults', timeoutMinutes: 5 },
  { title: 'types', args: [`${modules}/typescript/bin/tsc`, '-p', '.'], output: 'faults', timeoutMinutes: 10 },
  { title: 'lint', args: [`${modules}/eslint/bin/eslint.js`, '.', '--max-warnings', '0'], output: 'faults', timeoutMinutes: 10 },
  { title: 'floors', args: ['tools/check-floors.ts'], output: 'kept', timeoutMinutes: 5 },
  { title: 'unused', args: ['tools/check-unused.ts'], output: 'kept', timeoutMinutes: 5 },
  { title: 'build', args: ['tools/build.ts'], output: 'kept', timeoutMinutes: 5 },
  { title: 'package', args: ['tools/check-package.ts'], output: 'kept', timeoutMinutes: 5 },
  { title: 'programs of the stack', args: ['tools/stack-binaries.ts'], output: 'live', timeoutMinutes: 60 },
  {
    title: 'tests',
    args: [...jest, '--testPathIgnorePatterns', alone, promises, stack],
    output: 'live',
    timeoutMinutes: 45,
    isTests: true,
  },
  {
    title: 'nothing changed, nothing lost',
    args: [...jest, '--verbose', promises],
    output: 'live',
    timeoutMinutes: 45,
    isTests: true,
  },
  {
    title: 'the stack',
    args: [...jest, '--runInBand', '--verbose', stack],
    output: 'live',
    timeoutMinutes: 45,
    isTests: true,
  },
  {
    title: 'tests that want the machine to themselves',
    args: [...jest, '--runInBand', alone],
    output: 'live',
    timeoutMinutes: 20,
    isTests: true,
  },
];
