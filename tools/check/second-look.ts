// Which test files are run once more, alone: thousands of cases with real programs on two shared cores, where one of
// them may meet a stall that is nobody's fault.
import type { JestReport } from './test-report.ts';

/** More failing files than this are no stall: they fail at once. */
const MAX_FILES = 8;

/**
 * Paths of files to look at again; none when too many failed. A test that was skipped is not made good by running it
 * again.
 */
export function secondLookFiles(report: unknown): string[] {
  const files = (report as JestReport).testResults.filter(
    ({ status: ofFile, assertionResults }) =>
      ofFile === 'failed' || assertionResults.length === 0 || assertionResults.some(({ status }) => status === 'failed'),
  );
  return files.length > MAX_FILES ? [] : files.map(({ name }) => name);
}

/** The first report with the second look's results in place of the same files'. */
export function withSecondLook(first: unknown, second: unknown): unknown {
  const again = (second as JestReport).testResults;
  const names = new Set(again.map(({ name }) => name));
  return { testResults: [...(first as JestReport).testResults.filter(({ name }) => !names.has(name)), ...again] };
}

/** One line per test that failed at first and passed alone: said in the end, since it may be a race of ours. */
export function madeGood(first: unknown, second: unknown): string[] {
  const failed = new Set(namesWith(first, 'failed'));
  return namesWith(second, 'passed').filter((name) => failed.has(name));
}

function namesWith(report: unknown, wanted: string): string[] {
  return (report as JestReport).testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === wanted).map(({ fullName }) => fullName),
  );
}
