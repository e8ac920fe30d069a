// Prints the results of tests so that a part of a long log can be read alone: for each file what failed and why, then a
// line for each case.
// The word FAIL stands only where nothing is run again. Ends jest, with a message, when a test has left something open.
import { END_LIMIT_MS, FIRST_LOOK } from './environment.ts';
import { ownLines } from './test-report.ts';

/** What jest tells of a file; fields as in its `TestResult`. */
interface FileResult {
  readonly testFilePath: string;
  /** Why the file could not be run, or which hook of it failed. */
  readonly failureMessage?: string | null;
  readonly perfStats: { readonly runtime: number };
  readonly testResults: readonly CaseResult[];
  readonly console?: readonly { readonly message: string; readonly type: string }[] | null;
}

interface CaseResult {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
  readonly duration?: number | null;
  readonly failureMessages: readonly string[];
}

interface Options {
  /** `false`: a line per file, cases only where they failed. */
  readonly verbose: boolean;
  /** What failed is run once more: it is not called a failure yet. */
  readonly isFirstLook: boolean;
}

/**
 * A server that a test left open keeps jest alive for ever: after this long it is said and ended. Workers take a second
 * or two.
 */
const DEFAULT_END_LIMIT_MS = 20_000;

export default class CaseReporter {
  readonly #rootDir: string;
  readonly #options: Options;

  /** As jest makes it, with its global configuration. */
  constructor({ rootDir, verbose }: { readonly rootDir: string; readonly verbose?: boolean }) {
    this.#rootDir = rootDir;
    this.#options = { verbose: verbose === true, isFirstLook: process.env[FIRST_LOOK] === '1' };
  }

  onTestResult(_test: unknown, result: FileResult): void {
    process.stdout.write(fileText(result, this.#rootDir, this.#options));
  }

  onRunComplete(
    _contexts: unknown,
    { numPassedTests, numTotalTests }: { readonly numPassedTests: number; readonly numTotalTests: number },
  ): void {
    process.stdout.write(`${numPassedTests} of ${numTotalTests} tests passed\n`);
    const limitMs = Number(process.env[END_LIMIT_MS] ?? DEFAULT_END_LIMIT_MS);
    setTimeout(() => {
      const open = [...new Set(process.getActiveResourcesInfo())].join(', ');
      process.stdout.write(`jest has not ended ${limitMs} ms after its last test: a test left something open (${open})\n`);
      process.exit(1);
    }, limitMs).unref();
  }
}

/** The text of one file, with its last newline. */
export function fileText(result: FileResult, rootDir: string, { verbose, isFirstLook }: Options): string {
  const { testFilePath, testResults, failureMessage, perfStats } = result;
  const failed = testResults.filter(({ status }) => status === 'failed');
  const isBroken = failed.length === 0 && (testResults.length === 0 || (failureMessage ?? '') !== '');
  const hasFailed = failed.length > 0 || isBroken;
  const word = hasFailed ? (isFirstLook ? 'not passed' : 'FAIL') : 'pass';
  const lines = [`${word} ${testFilePath.replace(`${rootDir}/`, '')} (${(perfStats.runtime / 1000).toFixed(1)} s)`];
  if (isBroken) lines.push(indented(failureMessage ?? 'the file holds no test'));
  for (const { failureMessages, ...one } of failed) lines.push(caseLine(one), ...failureMessages.map((message) => indented(message)));
  if (hasFailed) lines.push(...(result.console ?? []).map(({ type, message }) => indented(`${type}: ${message}`)));
  if (verbose) lines.push(...testResults.filter(({ status }) => status !== 'failed').map((one) => caseLine(one)));
  return `${lines.join('\n')}\n`;
}

function caseLine({ status, ancestorTitles, title, duration }: Omit<CaseResult, 'failureMessages'>): string {
  const mark = status === 'passed' ? '✓' : status === 'failed' ? '✕' : `not run (${status})`;
  return `  ${mark} ${[...ancestorTitles, title].join(' › ')}${typeof duration === 'number' && duration >= 1 ? ` (${String(duration)} ms)` : ''}`;
}

/** At most 60 lines of it: a comparison of two long outputs says what differs in its first ones. */
function indented(text: string): string {
  const lines = ownLines(text);
  const shown = lines.length > 60 ? [...lines.slice(0, 60), `... ${lines.length - 60} more lines`] : lines;
  return shown.map((line) => `      ${line}`).join('\n');
}
