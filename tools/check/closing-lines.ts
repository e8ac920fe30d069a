// The last lines of a run of the checks: the slowest test files, what was not run and how to run it, and what failed.
import { relative } from 'node:path';
import type { Script, Step } from './steps.ts';
import type { JestReport } from './test-report.ts';

const MAX_SLOWEST = 10;

/** The slowest files of all reports, slowest first, one line each. */
export function slowestFiles(reports: readonly unknown[], root: string): string[] {
  return reports
    .flatMap((report) => (report as JestReport).testResults)
    .map(({ name, startTime = 0, endTime = 0 }) => ({ file: relative(root, name), seconds: (endTime - startTime) / 1000 }))
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, MAX_SLOWEST)
    .map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`);
}

/** What an npm script leaves to others, with the command that runs it, and the cases whose program is missing here. */
export function notRun(steps: readonly Step[], script: Script, leftOut: readonly string[]): string[] {
  const others = steps.filter((step) => !step.scripts.includes(script));
  const tests = others
    .filter(({ isTests }) => isTests === true)
    .map(({ title, needs, scripts }) => {
      const command = `npm run ${scripts.find((name) => name !== 'test') ?? 'check'}`;
      return `${title} (${needs === undefined ? command : `needs ${needs}: ${command}`})`;
    });
  const checks = others.filter(({ scripts }) => scripts.length === 0).length;
  const cases = [...new Set(leftOut)].map((need) => `${leftOut.filter((each) => each === need).length} x a case that needs ${need}`);
  return [...cases, ...tests, `${checks} checks that are no tests: format, types, lint and others (npm run check)`];
}
