/**
 * What children are handed in NODE_OPTIONS changes no program, whether the copy of the preload is there or gone: in
 * every way in which Node runs a program it prints the same and ends the same.
 */
import { mkdirSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { commandFile, ensureBuilt, freshFolder, runProgram, toldIn, type ProgramResult } from '../../harness/index.ts';
import { FETCH_MINUTES, nodeBinary, withoutIds } from './support.ts';

ensureBuilt();

/** Tells on the side, in the file TOLD, whether the preload is in. */
const tell = `process.env.TOLD && process.getBuiltinModule('fs').appendFileSync(process.env.TOLD, (Symbol.for('swarmscope.runtime.1') in globalThis ? 'seen ' : 'unseen '));`;
const order = `process.nextTick(() => console.log('tick')); Promise.resolve().then(() => console.log('microtask')); setTimeout(() => console.log('timeout'));`;
const files: Readonly<Record<string, string>> = {
  // Streams that nobody asked for hold handles.
  'main.cjs': `const handles = process._getActiveHandles().length; ${tell}${order} console.log(handles);
    console.log(require.main === module, module.id, module.parent, process.mainModule === module, __filename, Object.keys(require.cache));
    console.log(process.argv.slice(1), process.execArgv, process.listenerCount('exit'), Object.keys(globalThis).length);`,
  'throws.cjs': `process.on('exit', (code) => console.log('exit', code)); ${order} throw new Error('thrown');`,
  'catches.cjs': `process.on('uncaughtException', (error, origin) => console.log(origin)); process.on('unhandledRejection', () => console.log('rejection')); throw 1;`,
  'extension.cjs': `require.extensions['.own'] = (module, file) => module._compile("console.log('own', require.main === module)", file);`,
  'main.own': 'no JavaScript at all',
  extensionless: `console.log('extensionless', module.id);`,
  'folder/index.js': `console.log('folder', module.id);`,
  'detected.js': `${tell}import { sep } from 'node:path'; await 1; console.log('detected', sep, typeof require);`,
  'module/package.json': '{ "type": "module" }',
  'module/main.js': `${tell}console.log('module', typeof require, import.meta.url);`,
  'module/node_modules/plain/main.js': `console.log('in a package', typeof require);`,
  'main.mjs': `${tell}console.log('module', typeof require);`,
  'types.cts': `const x: number = 1; console.log('types', x, module.id);`,
  'types.mts': `const x: number = 1; console.log('types', x);`,
  'threads.cjs': `const { Worker, isMainThread } = require('node:worker_threads');
    if (isMainThread) new Worker(__filename, { argv: ['x'] }).on('exit', (code) => console.log('thread ended', code));
    else { ${tell}${order} console.log(require.main === module, process.argv[2]); }`,
  'evaluated.cjs': `new (require('node:worker_threads').Worker)("console.log('evaluated')", { eval: true });`,
  'starts.cjs': `process.argv[1] = require('node:path').resolve(process.argv[2]); require('node:module').runMain();`,
  'case.test.cjs': `require('node:test')('case', () => undefined);`,
  'broken.cjs': 'const',
  'options.env': 'OWN=yes\n',
};
/** Node's flags and words. */
const modes: readonly string[] = [
  'main.cjs a b',
  'main',
  'throws.cjs',
  '--unhandled-rejections=warn throws.cjs',
  'catches.cjs',
  '--require ./extension.cjs main.own',
  'extensionless',
  'folder',
  'missing.cjs',
  'broken.cjs',
  'detected.js',
  'module/main.js',
  'module/node_modules/plain/main.js',
  'main.mjs',
  'types.cts',
  'types.mts',
  'threads.cjs',
  'evaluated.cjs',
  'starts.cjs main.cjs',
  'starts.cjs main.mjs',
  '--require ./extension.cjs starts.cjs main.own',
  '--import ./main.mjs main.cjs',
  '--preserve-symlinks-main main.cjs',
  '--enable-source-maps throws.cjs',
  '--env-file=options.env -p process.env.OWN',
  '--permission --allow-fs-read=. main.cjs',
  '--permission --allow-fs-read=* main.cjs',
  '--check main.cjs',
  '--check broken.cjs',
  '--test --test-reporter=tap case.test.cjs',
  '-e console.log(typeof(require),module.id,process.argv) a',
  '-e process.exitCode=7',
  '-p 40+2',
  '--input-type=module -e import{sep}from"node:path";console.log(sep)',
  '-',
  '',
];
/** These say whether they were seen. */
const telling = new Set(['main.cjs a b', 'detected.js', 'module/main.js', 'main.mjs', 'threads.cjs']);

const cache = freshFolder('cache');
const folder = freshFolder('modes');
let option = '';
beforeAll(async () => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const args = [commandFile, 'run', '--quiet', '--', 'sh', '-c', 'printf %s "$NODE_OPTIONS"'];
  option = (await runProgram({ command: process.execPath, args, preload: 'none', env: { XDG_CACHE_HOME: cache } })).stdout;
});

/** The same program, told of a copy that is not there. */
function withoutCopy(): string {
  const { copy = '' } = toldIn(option) ?? {};
  return option.replace(/[\w+/]+$/, (program) =>
    Buffer.from(
      Buffer.from(program, 'base64')
        .toString()
        .replace(copy, `${copy.slice(0, -1)}x`),
    ).toString('base64'),
  );
}

/**
 * Without what differs between any two runs, and without Node's own lines of a stack: they say that a CommonJS program
 * is started in a tick and not in the first script.
 */
function tidy({ stdout, stderr, code, signal }: ProgramResult): object {
  const text = (output: string): string =>
    withoutIds(output)
      .replaceAll(/^ +at .*node:.*\n/gm, '')
      .replaceAll(/^.*(?:duration_ms|ExperimentalWarning|--trace-warnings).*\n/gm, '');
  return { stdout: text(stdout), stderr: text(stderr), code, signal };
}

describe.each(['22.15.0', '24.21.0', '26.10.0'])('on Node %s', (version) => {
  test.each(modes)(
    'node %s',
    async (mode) => {
      const told = join(folder, 'told');
      const run = (options: string): Promise<ProgramResult> => {
        rmSync(told, { force: true });
        return runProgram({
          command: nodeBinary(version),
          args: mode.split(' ').filter((word) => word !== ''),
          cwd: folder,
          preload: 'none',
          stdin: `console.log('from stdin', typeof require, module.id)`,
          env: { NODE_OPTIONS: options, TOLD: told, SWARMSCOPE_ENDPOINT: 'http://127.0.0.1:9', NO_COLOR: '1' },
        });
      };
      const wasSeen = (): string => (existsSync(told) ? readFileSync(told, 'utf8').replaceAll(/(\w+ )(?=\1)/g, '') : '');
      const plain = tidy(await run(''));
      const loaded = tidy(await run(option));
      expect(wasSeen()).toBe(telling.has(mode) ? 'seen ' : wasSeen());
      expect(loaded).toEqual(plain);
      const gone = tidy(await run(withoutCopy()));
      expect(wasSeen()).toBe(telling.has(mode) ? 'unseen ' : wasSeen());
      expect(gone).toEqual(plain);
    },
    FETCH_MINUTES,
  );
});
