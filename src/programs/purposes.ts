/** What a program is run for, by its name and its first words: tests, builds, servers of models. Pure data and its look-up. */
import {
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_BUILD as BUILD,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_MODEL_SERVER as MODEL_SERVER,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_TEST as TEST,
} from '../semconv/index.ts';
import { firstOperand } from './operands.ts';

/** Programs that do one thing whatever their arguments are. */
const PROGRAMS: readonly (readonly [kind: string, names: string])[] = [
  [TEST, 'jest vitest mocha ava tap playwright cypress karma pytest py.test tox nox unittest ctest phpunit rspec bats cargo-nextest'],
  [BUILD, 'make gmake ninja cmake meson bazel buck2 gcc g++ cc c++ clang clang++ ld lld rustc javac tsc tsgo swc esbuild webpack'],
  [BUILD, 'rollup vite parcel turbo nx mvn mvnw gradle gradlew ant sbt'],
  [MODEL_SERVER, 'llama-server mlx_lm.server sglang.launch_server text-generation-launcher trtllm-serve local-ai koboldcpp tritonserver'],
];

interface Verbs {
  readonly [verb: string]: string;
}

const TESTS: Verbs = { test: TEST, tests: TEST, check: TEST };
const SCRIPTS: Verbs = { test: TEST, t: TEST, tst: TEST, build: BUILD };

interface Row {
  readonly verbs: Verbs;
  readonly isAnyWord?: boolean;
}

/** Programs that do several things: by their first word, or by any of their words where `isAnyWord`. */
const VERBS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ...['npm', 'pnpm', 'yarn'].map((name) => [name, { verbs: SCRIPTS }] as const),
  ['bun', { verbs: { test: TEST, build: BUILD } }],
  ['deno', { verbs: { test: TEST, compile: BUILD } }],
  ['cargo', { verbs: { test: TEST, t: TEST, nextest: TEST, build: BUILD, b: BUILD, check: BUILD, c: BUILD, clippy: BUILD } }],
  ['go', { verbs: { test: TEST, build: BUILD, install: BUILD, vet: BUILD, generate: BUILD } }],
  ['dotnet', { verbs: { test: TEST, vstest: TEST, build: BUILD, publish: BUILD } }],
  ['swift', { verbs: { test: TEST, build: BUILD } }],
  ['ollama', { verbs: { serve: MODEL_SERVER, start: MODEL_SERVER } }],
  ['vllm', { verbs: { serve: MODEL_SERVER } }],
  ['lms', { verbs: { server: MODEL_SERVER } }],
  ['make', { verbs: TESTS, isAnyWord: true }],
  ['gmake', { verbs: TESTS, isAnyWord: true }],
  ...['mvn', 'mvnw', 'gradle', 'gradlew'].map((name) => [name, { verbs: { ...TESTS, verify: TEST }, isAnyWord: true }] as const),
]);

const kinds: ReadonlyMap<string, string> = new Map(
  PROGRAMS.flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind] as const)),
);

const RUN: ReadonlySet<string> = new Set(['run', 'run-script']);
const NONE: ReadonlySet<string> = new Set();
/** Words of a command line that are looked at. Protects from lists of files. */
const MAX_WORDS = 16;

/** `test`, `build` or `model_server`; undefined for all else. @example purposeOf('npm', ['run', 'test:unit']) // 'test' */
export function purposeOf(name: string, args: readonly string[]): string | undefined {
  const row = VERBS.get(name);
  if (row === undefined) return kinds.get(name);
  const words = args.slice(0, MAX_WORDS);
  if (row.isAnyWord === true) return words.map((word) => verbOf(row.verbs, word)).find((kind) => kind !== undefined) ?? kinds.get(name);
  const at = firstOperand(words, NONE);
  // The scripts of a package may have suffixes: `npm run test:unit`.
  const script = RUN.has(words[at] ?? '') && row.verbs === SCRIPTS ? words[at + 1]?.split(':', 1)[0] : words[at];
  return verbOf(row.verbs, script ?? '');
}

const verbOf = (verbs: Verbs, word: string): string | undefined => (Object.hasOwn(verbs, word) ? verbs[word] : undefined);
