// Counts the tests of a jest report. A test that was not run has failed, unless it says which program it needs and may
// be left out for it.
export interface Count {
  readonly passed: number;
  readonly failed: number;
  /** What failed, and the first lines of why. */
  readonly remarks: readonly string[];
  /** What each test that was left out needs. */
  readonly leftOut: readonly string[];
}

export interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    /** `failed` also where every case passed and a hook failed. */
    readonly status?: string;
    /** Epoch milliseconds. */
    readonly startTime?: number;
    readonly endTime?: number;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Throws on what is no jest report. A file that could not be loaded counts as one failure. */
export function countTests(report: unknown): Count {
  let passed = 0;
  const remarks: string[] = [];
  const leftOut: string[] = [];
  for (const { name, message, status: ofFile, assertionResults } of (report as JestReport).testResults) {
    const first = message.split('\n').find((line) => line.trim() !== '');
    if (assertionResults.length === 0) remarks.push(`${name}: ran no test: ${first ?? 'the file is empty'}`);
    else if (ofFile === 'failed' && assertionResults.every(({ status }) => status !== 'failed'))
      remarks.push(`${name}: a hook failed: ${first ?? 'without a message'}`);
    for (const { status, fullName, failureMessages = [] } of assertionResults) {
      // `testWith` of the harness gives such a title, and skips only where tests may be left out.
      const need = / \(needs (.+)\)$/.exec(fullName)?.[1];
      if (status === 'passed') passed += 1;
      else if (status === 'pending' && need !== undefined) leftOut.push(need);
      else remarks.push(`${fullName} (${status === 'failed' ? 'failed' : `not run: ${status}`})${firstLines(failureMessages)}`);
    }
  }
  return { passed, failed: remarks.length, remarks, leftOut };
}

/** Enough to see what differs; the whole stands where the test ran. */
function firstLines(messages: readonly string[]): string {
  const lines = messages.flatMap((message) => ownLines(message));
  return lines
    .slice(0, 25)
    .map((line) => `\n      ${line}`)
    .join('');
}

/** Of a failure's message, without the runner's own frames. */
export function ownLines(message: string): string[] {
  return message
    .trimEnd()
    .split('\n')
    .filter((line) => !/^\s+at .*[/\\]node_modules[/\\]jest-/.test(line) && !/^\s+at new Promise \(<anonymous>\)$/.test(line));
}
