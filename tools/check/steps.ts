// The table of everything that is checked: what runs, in which order, and by which npm scripts.
/** `npm run check` runs every step; the others run the steps that name them. */
export const SCRIPTS = ['test', 'test:pure', 'test:process', 'test:stack', 'test:scale', 'test:all'] as const;
export type Script = (typeof SCRIPTS)[number];

export interface Step {
  readonly title: string;
  /** What Node runs; `{report}` is where the tests write their report. */
  readonly args: readonly string[];
  /** `kept`: printed at the end; `live`: printed as it comes; `faults`: printed only when it fails. */
  readonly output: 'kept' | 'live' | 'faults';
  /** Protects CI from a step that hangs. */
  readonly timeoutMinutes: number;
  readonly scripts: readonly Script[];
  /** Its report counts test by test. */
  readonly isTests?: boolean;
  /** What it needs beside git, Node and npm. */
  readonly needs?: string;
  /** The title of a step without which this one has nothing to look at. */
  readonly after?: string;
  /** The title of the step that this one runs beside: all that do begin with it, one after the other. */
  readonly beside?: string;
}

/**
 * Test folders by what their tests need of the machine. What is not named here is quick: it runs in jest's own process,
 * or nearly.
 */
const FOLDERS = {
  /** Start programs of their own, one or several a case. */
  process: [
    ...['test/e2e/', 'test/package/', 'test/real-clis/', 'test/llm/', 'test/clients/', 'test/observers/llm-wire/wire.test.ts'],
    ...['test/gateway/', 'test/python/', 'test/swarms/', 'test/web/'],
  ],
  /** Start thousands of programs, on four versions of Node. */
  promises: ['test/promises/'],
  /** Compare numbers that other work on the machine would change. */
  alone: ['test/alone/'],
  /** Start the real programs of the stack, which Go builds. */
  stack: ['test/stack/'],
  /** Start two tiers of collectors in front of the stores. */
  scale: ['test/scale/'],
} as const;

const PROMISES = 'nothing changed, nothing lost';
const LINT = 'lint';

const modules = 'node_modules';
const runner = [`${modules}/jest/bin/jest.js`, '--reporters=./tools/check/case-reporter.ts', '--ci', '--json', '--outputFile', '{report}'];
/** Most programs of a test wait for each other now and then. */
const three = '--maxWorkers=3';
const anyTest: readonly Script[] = ['test', 'test:pure', 'test:process', 'test:stack', 'test:scale', 'test:all'];

export const steps: readonly Step[] = [
  ...[
    { title: 'tracked files tell of no machine', args: ['tools/check-tracked.ts'], output: 'kept', timeoutMinutes: 2 } as const,
    fresh('all pages show the same sample report', 'tools/refresh-sample.ts'),
    fresh('generated names are fresh', 'tools/generate-semconv.ts'),
    fresh('generated settings page is fresh', 'tools/generate-settings-docs.ts'),
    fresh('generated prices are fresh', 'tools/generate-prices.ts'),
    fresh('generated dashboards and alerts are fresh', 'tools/generate-grafana.ts'),
    fresh('generated collector statements are fresh', 'tools/generate-collector.ts'),
    fresh('generated files of deploy are fresh', 'tools/generate-deploy.ts'),
    fresh('generated table of clients is fresh', 'tools/generate-clients-docs.ts'),
    fresh('generated table of queues is fresh', 'tools/generate-frameworks-docs.ts'),
    fresh('the matrix of LLM SDKs is fresh', 'tools/generate-llm-matrix.ts'),
    { title: LINT, args: [`${modules}/eslint/bin/eslint.js`, '.', '--max-warnings', '0'], output: 'faults', timeoutMinutes: 10 } as const,
    besideLint('format', [`${modules}/prettier/bin/prettier.cjs`, '--check', '.'], 'faults'),
    besideLint('types', [`${modules}/typescript/bin/tsc`, '-p', '.'], 'faults'),
    besideLint('types of the page', [`${modules}/typescript/bin/tsc`, '-p', 'test/web'], 'faults'),
    besideLint('floors', ['tools/check-floors.ts'], 'kept'),
    besideLint('unused', ['tools/check-unused.ts'], 'kept'),
  ].map((step): Step => ({ ...step, scripts: [] })),
  { title: 'build', args: ['tools/build.ts'], output: 'kept', timeoutMinutes: 5, scripts: anyTest },
  { title: 'package', args: ['tools/check-package.ts'], output: 'kept', timeoutMinutes: 5, scripts: [], after: 'build' },
  {
    title: 'tests of single rooms',
    args: [...runner, three, '--testPathIgnorePatterns', ...Object.values(FOLDERS).flat()],
    output: 'live',
    timeoutMinutes: 30,
    scripts: ['test', 'test:pure', 'test:all'],
    isTests: true,
    after: 'build',
  },
  {
    title: 'tests of whole programs',
    args: [...runner, three, ...FOLDERS.process],
    output: 'live',
    timeoutMinutes: 30,
    scripts: ['test', 'test:process', 'test:all'],
    isTests: true,
    after: 'build',
  },
  {
    title: 'programs of the stack',
    args: ['tools/stack-binaries.ts'],
    output: 'kept',
    timeoutMinutes: 60,
    beside: PROMISES,
    scripts: ['test:stack', 'test:scale', 'test:all'],
    needs: 'Go 1.26',
  },
  {
    title: 'the stack',
    args: [...runner, '--runInBand', '--verbose', ...FOLDERS.stack],
    output: 'kept',
    timeoutMinutes: 60,
    beside: PROMISES,
    scripts: ['test:stack', 'test:all'],
    isTests: true,
    needs: 'Go 1.26 and openssl',
    after: 'programs of the stack',
  },
  {
    title: 'two tiers',
    args: [...runner, '--runInBand', '--verbose', ...FOLDERS.scale],
    output: 'kept',
    timeoutMinutes: 30,
    beside: PROMISES,
    scripts: ['test:scale', 'test:all'],
    isTests: true,
    needs: 'Go 1.26',
    after: 'programs of the stack',
  },
  {
    title: PROMISES,
    args: [...runner, '--verbose', ...FOLDERS.promises],
    output: 'live',
    timeoutMinutes: 60,
    scripts: ['test', 'test:process', 'test:all'],
    isTests: true,
    after: 'build',
  },
  {
    title: 'tests that want the machine to themselves',
    args: [...runner, '--runInBand', ...FOLDERS.alone],
    output: 'live',
    timeoutMinutes: 45,
    scripts: ['test', 'test:process', 'test:all'],
    isTests: true,
    after: 'build',
  },
];

/** Checks that take as long together as the linter does alone, each on one processor. */
function besideLint(title: string, args: readonly string[], output: 'kept' | 'faults'): Omit<Step, 'scripts'> {
  return { title, args, output, timeoutMinutes: 10, beside: LINT };
}

/** What a tool generates is committed as the tool writes it now. */
function fresh(title: string, tool: string): Omit<Step, 'scripts'> {
  return { title, args: [tool, '--check'], output: 'faults', timeoutMinutes: 2 };
}
