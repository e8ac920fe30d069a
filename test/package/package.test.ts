// The packed package in an empty folder: every way to preload it, from CommonJS and ES modules, JavaScript and
// TypeScript.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { repository, runProgram, type ProgramResult } from '../harness/index.ts';
import { installPackage } from './install.ts';

const verbs = ['withRun', 'withPhase', 'withTask', 'withBatch', 'withAgent', 'withTool', 'wait', 'trackPool', 'trackQueue'];
const names = verbs.join(', ');

/** Says which verbs are there, what they hand back, and whether a preload was seen. */
const body = `
const kinds = [${names}].map((verb) => typeof verb);
const value = {};
const same = [
  withRun('r', () => value), withPhase('p', () => value), withTask('t', () => value), withTask({ type: 't', attempt: 2 }, () => value),
  withBatch('b', () => value), withAgent('a', () => value), withTool('x', () => value), wait('lock', () => value),
].every((given) => given === value);
trackPool({ name: 'pool', active: () => 1, limit: () => undefined }).stop();
trackQueue({ name: 'queue', size: () => 1 }).stop();
const thrown = new Error('mine');
let caught: unknown;
try { withTask('t', () => { throw thrown; }); } catch (error) { caught = error; }
const isPreloaded = Symbol.for('swarmscope.runtime.1') in globalThis;
withTask('later', () => Promise.resolve(value)).then((later: unknown) => {
  console.log(JSON.stringify({ kinds: [...new Set(kinds)], same, isThrown: caught === thrown, isLater: later === value, isPreloaded }));
  process.exitCode = 3;
});
`;
const withoutTypes = body.replace('caught: unknown', 'caught').replace('(later: unknown)', '(later)');
const asImport = `import { ${names} } from 'swarmscope';`;
const asRequire = `const { ${names} } = require('swarmscope');`;

const programs: Readonly<Record<string, string>> = {
  'commonjs.cjs': asRequire + withoutTypes,
  'module.mjs': asImport + withoutTypes,
  'commonjs.cts': `import type * as Door from 'swarmscope'; const { ${names} }: typeof Door = require('swarmscope');${body}`,
  'module.mts': asImport + body,
  'preload.mts': `import 'swarmscope/register';\n${asImport}${body}`,
};

describe('the packed package', () => {
  let folder = '';
  beforeAll(() => {
    folder = installPackage();
    for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), text);
  });

  const run = (program: string, nodeArgs: readonly string[], env: Record<string, string> = {}): Promise<ProgramResult> =>
    runProgram({ file: join(folder, program), cwd: folder, preload: 'none', nodeArgs, env });
  const answer = (isPreloaded: boolean): string =>
    `${JSON.stringify({ kinds: ['function'], same: true, isThrown: true, isLater: true, isPreloaded })}\n`;

  test('brings no other package', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['swarmscope']);
  });

  describe.each(Object.keys(programs).filter((name) => name !== 'preload.mts'))('%s', (program) => {
    test.each([
      ['--require', ['--require', 'swarmscope/register'], {}],
      ['--import', ['--import', 'swarmscope/register'], {}],
      ['NODE_OPTIONS', [], { NODE_OPTIONS: '--require swarmscope/register' }],
      [
        'both, twice',
        ['--require', 'swarmscope/register', '--import', 'swarmscope/register'],
        { NODE_OPTIONS: '--import swarmscope/register' },
      ],
    ] as const)('runs as it would, preloaded by %s', async (_, nodeArgs, env) => {
      expect(await run(program, nodeArgs, env)).toMatchObject({ stdout: answer(true), stderr: '', code: 3 });
    });

    test('runs as it would without a preload', async () => {
      expect(await run(program, [])).toMatchObject({ stdout: answer(false), stderr: '', code: 3 });
    });
  });

  test('can be preloaded by an import statement', async () => {
    expect(await run('preload.mts', [])).toMatchObject({ stdout: answer(true), stderr: '', code: 3 });
  });

  test.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('type checks with module %s and moduleResolution %s', async (module, moduleResolution) => {
    const files = Object.keys(programs).filter((name) => /ts$/.test(name) && (module === 'nodenext' || name.endsWith('.mts')));
    const options = {
      module,
      moduleResolution,
      target: 'es2023',
      strict: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(repository, 'node_modules/@types')],
      skipLibCheck: false,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }));
    const result = await runProgram({
      file: join(repository, 'node_modules/typescript/bin/tsc'),
      args: ['-p', folder],
      cwd: folder,
      preload: 'none',
    });
    expect(result).toMatchObject({ stdout: '', code: 0 });
  });

  test('refuses a wrong reason to wait, by type', async () => {
    writeFileSync(join(folder, 'wrong.mts'), "import { wait } from 'swarmscope';\nwait('coffee', () => 1);\n");
    const tsc = join(repository, 'node_modules/typescript/bin/tsc');
    const result = await runProgram({
      file: tsc,
      args: ['--ignoreConfig', '--noEmit', '--module', 'nodenext', '--skipLibCheck', 'wrong.mts'],
      cwd: folder,
      preload: 'none',
    });
    expect(result.stdout).toContain('"coffee"');
    expect(result.code).not.toBe(0);
  });

  test('brings the command', async () => {
    const result = await runProgram({
      command: join(folder, 'node_modules/.bin/swarmscope'),
      args: ['--version'],
      cwd: folder,
      preload: 'none',
    });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/\d+\.\d+\.\d+/);
  });
});
