// The habits of STYLE that a linter can hold. Each ban says what to do instead.
import js from '@eslint/js';
import ts from 'typescript-eslint';
import { house } from './tools/lint/house.mjs';

const noEnterWith = {
  selector: "CallExpression[callee.property.name='enterWith']",
  message: 'enterWith leaks into whatever runs next; use the scoped run().',
};
const noTelemetryName = {
  selector: 'Literal[value=/^(gen_ai|vcs|swarmscope)\\.(?!config\\.json$)[a-z_]+(\\.[a-z_]+)*$/]',
  message: 'Telemetry names live in src/semconv/registry.yaml alone; import the generated constant.',
};
/** Names on the page come from other programs: they are text nodes, never markup or code. */
const noMarkup = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'dangerouslySetInnerHTML', 'srcdoc', 'write', 'writeln']
  .flatMap((name) => [`MemberExpression[property.name='${name}']`, `JSXAttribute[name.name='${name}']`, `Property[key.name='${name}']`])
  .map((selector) => ({ selector, message: 'Text is put on the page by text nodes alone.' }));
const noExit = { object: 'process', property: 'exit', message: 'Only cli/entry.ts and cli/main.ts end a process.' };
const noEnvironment = { object: 'process', property: 'env', message: 'The environment is read in src/config alone.' };
const noPrinting = ['stdout', 'stderr'].map((property) => ({
  object: 'process',
  property,
  message: 'Only the commands print; record a fault instead.',
}));

const noNodeProcess = {
  name: 'node:process',
  message:
    'Use `process`: our loader hands it to each bundle with its methods as they were at the start, and the bans on its properties see it.',
};
const READERS = ['readFileSync', 'readFile', 'openSync', 'open', 'createReadStream', 'openAsBlob'];
const WRITERS = ['writeFileSync', 'writeFile', 'appendFileSync', 'appendFile', 'createWriteStream', 'copyFileSync', 'cpSync'];
const noPlainFiles = [
  {
    name: 'node:fs',
    importNames: READERS,
    message: 'A FIFO or an endless file in the place of a file blocks for ever; read by config/small-file.ts.',
  },
  {
    name: 'node:fs',
    importNames: WRITERS,
    message: 'A link or a FIFO in the place of a file is followed or blocks; write by config/write-whole.ts.',
  },
  { name: 'node:fs/promises', message: 'Read by config/small-file.ts and write by config/write-whole.ts.' },
];
/** Files that read or write by themselves, each with what it opens. */
const opens = [
  'src/config/{small-file,write-whole}.ts', // They are the two places.
  'src/own-loader.ts', // Our bundles, beside the one that runs.
  'src/{faults,register}.ts', // Standard error, where OTEL_LOG_LEVEL asks for it.
  'src/own-files.ts', // Node's functions of these names, for the bundles.
  'src/lazy-bundles.ts', // exit-sender.cjs, beside the bundle that runs.
  'src/hooks/imported-commonjs.ts', // A module that Node has just read.
  'src/machine/process-table.ts', // /proc, twenty times a second for each process.
  'src/config/child-usage.ts', // /proc, likewise, while somebody measures.
  'src/otlp/process-ledger.ts', // A file of fixed length, written over without waiting and through no link.
  'src/pricing/overrides.ts', // The file of prices that a setting names; the room reaches nothing but the words.
  'src/sdk/exit-program.ts', // Its standard input.
  'src/viewer/import/files.ts', // Files that the command line names, of any size, which may be pipes.
  'src/viewer/store/private-file.ts', // The store, which SQLite opens.
  'src/cli/named-file.ts', // A file that an option names, which may be a pipe.
  'src/cli/run/terminal.ts', // The terminal.
];

export default ts.config(
  { ignores: ['dist/', 'coverage/', '.cache/', 'src/*/generated/', 'test/**/fixtures/', '**/node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [ts.configs.strict, ts.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['**/*.{ts,tsx,mjs}'],
    plugins: { house },
    rules: {
      'house/opening-sentence': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', noEnterWith],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': ['error', 'properties'],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': ['error', noEnvironment, noExit, ...noPrinting],
      'no-restricted-imports': ['error', { paths: [noNodeProcess, ...noPlainFiles] }],
      'no-restricted-syntax': ['error', noEnterWith, noTelemetryName],
    },
  },
  {
    files: ['src/viewer/web/**/*.{ts,tsx}'],
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', noEnterWith, noTelemetryName, ...noMarkup],
    },
  },
  // They change the process that the app sees.
  {
    files: ['src/hooks/{process/{signals,end,received-messages},child-process/{sync,sent-signals}}.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: noPlainFiles }] },
  },
  { files: opens, rules: { 'no-restricted-imports': ['error', { paths: [noNodeProcess] }] } },
  { files: ['src/config/**/*.ts'], rules: { 'no-restricted-properties': ['error', noExit, ...noPrinting] } },
  { files: ['src/semconv/**/*.ts'], rules: { 'no-restricted-syntax': ['error', noEnterWith] } },
  { files: ['src/cli/**/*.ts'], rules: { 'no-console': 'off', 'no-restricted-properties': ['error', noEnvironment, noExit] } },
  { files: ['src/cli/main.ts', 'src/cli/entry.ts'], rules: { 'no-restricted-properties': ['error', noEnvironment] } },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'tools/**/*.ts'],
    rules: {
      // What JSON.parse and third parties answer is `any`; a test's assertion is the check.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{mjs,cjs,js}'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'Buffer',
          'URL',
          'fetch',
          'Response',
          'TransformStream',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'setImmediate',
          'AbortController',
          'performance',
          'structuredClone',
          'require',
          'module',
          '__dirname',
          '__filename',
          'TextEncoder',
          'TextDecoder',
          'queueMicrotask',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
