// What CI counts: a test that did not run must never pass for one that did.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fileText } from '../../tools/check/case-reporter.ts';
import { notRun, slowestFiles } from '../../tools/check/closing-lines.ts';
import { END_LIMIT_MS } from '../../tools/check/environment.ts';
import { madeGood, secondLookFiles, withSecondLook } from '../../tools/check/second-look.ts';
import { steps } from '../../tools/check/steps.ts';
import { countTests } from '../../tools/check/test-report.ts';
import { freshFolder, repository, runProgram } from '../harness/index.ts';

const file = (assertionResults: { status: string; fullName: string }[], message = ''): unknown => ({
  name: 'a.test.ts',
  message,
  assertionResults,
});

describe('the count of tests', () => {
  test('counts what passed and names what failed', () => {
    const count = countTests({
      testResults: [
        file([
          { status: 'passed', fullName: 'one' },
          { status: 'failed', fullName: 'two' },
        ]),
      ],
    });
    expect(count).toEqual({ passed: 1, failed: 1, remarks: ['two (failed)'], leftOut: [] });
  });

  test('gives the first lines of the reason', () => {
    const failed = { status: 'failed', fullName: 'one', failureMessages: [`expected a\n${'more\n'.repeat(100)}`] };
    const [remark] = countTests({ testResults: [file([failed])] }).remarks;
    expect(remark?.split('\n').slice(0, 3)).toEqual(['one (failed)', '      expected a', '      more']);
    expect(remark?.split('\n')).toHaveLength(26);
  });

  test.each(['pending', 'todo', 'skipped', 'disabled'])('counts a test that is %s as failed', (status) => {
    expect(countTests({ testResults: [file([{ status, fullName: 'one' }])] })).toEqual({
      passed: 0,
      failed: 1,
      remarks: [`one (not run: ${status})`],
      leftOut: [],
    });
  });

  test('leaves out a skipped test that names the program it needs', () => {
    const tests = [{ status: 'pending', fullName: 'at a terminal (needs python3: install it)' }];
    expect(countTests({ testResults: [file(tests)] })).toEqual({ passed: 0, failed: 0, remarks: [], leftOut: ['python3: install it'] });
  });

  test('counts a file that could not be loaded as failed, with the first line of why', () => {
    const count = countTests({ testResults: [file([], '\n  Cannot find module\n at x')] });
    expect(count).toEqual({ passed: 0, failed: 1, remarks: ['a.test.ts: ran no test:   Cannot find module'], leftOut: [] });
  });
});

test('counts a file whose hook failed as failed, although its cases passed', () => {
  const report = {
    testResults: [
      { name: 'a.test.ts', status: 'failed', message: 'not started', assertionResults: [{ status: 'passed', fullName: 'one' }] },
    ],
  };
  const remark = 'a.test.ts: a hook failed: not started';
  expect(countTests(report)).toEqual({ passed: 1, failed: 1, remarks: [remark], leftOut: [] });
  expect(secondLookFiles(report)).toEqual(['a.test.ts']);
});

describe('the second look', () => {
  const report = (...files: [name: string, status: string][]): unknown => ({
    testResults: files.map(([name, status]) => ({ name, message: '', assertionResults: [{ status, fullName: `test of ${name}` }] })),
  });

  test('takes up to eight failed files, and none when more failed', () => {
    const failed = (count: number): unknown =>
      report(...Array.from({ length: count }, (_, at): [string, string] => [`${at}.ts`, 'failed']));
    expect(secondLookFiles(report(['a.ts', 'passed'], ['b.ts', 'failed']))).toEqual(['b.ts']);
    expect(secondLookFiles(failed(8))).toHaveLength(8);
    expect(secondLookFiles(failed(9))).toEqual([]);
  });

  test('takes a file that ran no test, as after a runner that died', () => {
    expect(secondLookFiles({ testResults: [file([])] })).toEqual(['a.test.ts']);
  });

  test('does not run a skipped test again', () => {
    expect(secondLookFiles(report(['a.ts', 'pending']))).toEqual([]);
  });

  test('counts in place of the first, and names what passed only then', () => {
    const first = report(['a.ts', 'passed'], ['b.ts', 'failed'], ['c.ts', 'failed']);
    const second = report(['b.ts', 'passed'], ['c.ts', 'failed']);
    expect(countTests(withSecondLook(first, second))).toEqual({ passed: 2, failed: 1, remarks: ['test of c.ts (failed)'], leftOut: [] });
    expect(madeGood(first, second)).toEqual(['test of b.ts']);
  });
});

describe('the closing lines', () => {
  test('name the slowest files first', () => {
    const timed = (name: string, endTime: number): unknown => ({
      testResults: [{ name, startTime: 0, endTime, message: '', assertionResults: [] }],
    });
    const lines = slowestFiles([timed('/root/test/a.test.ts', 1_000), timed('/root/test/b.test.ts', 61_500)], '/root');
    expect(lines).toEqual(['   61.5 s  test/b.test.ts', '    1.0 s  test/a.test.ts']);
  });

  test('say what a script does not run, and the command that does', () => {
    const need = 'python3: install it';
    expect(notRun(steps, 'test', [need, need])).toEqual([
      '2 x a case that needs python3: install it',
      'the stack (needs Go 1.26 and openssl: npm run test:stack)',
      'two tiers (needs Go 1.26: npm run test:scale)',
      expect.stringMatching(/^\d+ checks that are no tests: .* \(npm run check\)$/),
    ]);
    expect(notRun(steps, 'test:stack', [])[0]).toBe('tests of single rooms (npm run test:pure)');
  });
});

describe('the table of steps', () => {
  const args = steps.flatMap((step) => step.args);
  test('names test folders that exist', () => {
    const paths = args.filter((arg) => arg.startsWith('test/'));
    expect(paths.length).toBeGreaterThan(4);
    expect(paths.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  });
  test('runs each test file once', () => {
    const listed = steps
      .filter(({ isTests }) => isTests === true)
      .flatMap((step) => {
        const args = step.args.filter((arg) => !['--json', '--outputFile', '{report}'].includes(arg));
        return execFileSync(process.execPath, [...args, '--listTests'], { cwd: repository, encoding: 'utf8' })
          .trim()
          .split('\n');
      });
    const files = globSync('test/**/*.test.ts', { cwd: repository }).map((file) => join(repository, file));
    expect(listed.toSorted()).toEqual(files.toSorted());
  });
  test('names a step that comes before, where one waits for another', () => {
    for (const [at, { after }] of steps.entries())
      if (after !== undefined) expect(steps.slice(0, at).map(({ title }) => title)).toContain(after);
  });
});

test('a test that leaves a server open ends the runner, with a message', async () => {
  const folder = freshFolder('open-server');
  const reporter = join(repository, 'tools/check/case-reporter.ts');
  writeFileSync(
    join(folder, 'open.test.cjs'),
    "test('opens', () => new Promise((done) => require('node:http').createServer().listen(0, done)));",
  );
  const { stdout, code } = await runProgram({
    file: join(repository, 'node_modules/jest/bin/jest.js'),
    args: ['--config', JSON.stringify({ rootDir: folder, testMatch: ['**/*.test.cjs'], reporters: [reporter] })],
    env: { [END_LIMIT_MS]: '500' },
    cwd: folder,
    preload: 'none',
    timeoutMs: 25_000,
  });
  expect(stdout).toContain('1 of 1 tests passed');
  expect(stdout).toMatch(/a test left something open \(.*TCPServerWrap/);
  expect(code).toBe(1);
});

describe('what is printed of a file', () => {
  const result = {
    testFilePath: '/root/test/a.test.ts',
    perfStats: { runtime: 1234 },
    testResults: [
      { ancestorTitles: ['on Node 24'], title: 'one', status: 'passed', duration: 5, failureMessages: [] },
      {
        ancestorTitles: [],
        title: 'two',
        status: 'failed',
        duration: 0,
        failureMessages: ['expected 1\nreceived 2\n    at run (/root/node_modules/jest-circus/build/run.js:1:1)'],
      },
    ],
    console: [{ type: 'log', message: 'said' }],
  };
  const why = ['  ✕ two', '      expected 1', '      received 2', '      log: said'];

  test('begins with what failed and why, and goes on with every case', () => {
    const lines = fileText(result, '/root', { verbose: true, isFirstLook: false }).split('\n');
    expect(lines).toEqual(['FAIL test/a.test.ts (1.2 s)', ...why, '  ✓ on Node 24 › one (5 ms)', '']);
  });

  test('calls nothing a failure at the first look, and names passed cases only when asked to', () => {
    const lines = fileText(result, '/root', { verbose: false, isFirstLook: true }).split('\n');
    expect(lines).toEqual(['not passed test/a.test.ts (1.2 s)', ...why, '']);
  });

  test('says which hook failed where every case passed', () => {
    const passed = result.testResults.filter(({ status }) => status === 'passed');
    const broken = { ...result, testResults: passed, console: null, failureMessage: 'not started' };
    expect(fileText(broken, '/root', { verbose: false, isFirstLook: false })).toBe('FAIL test/a.test.ts (1.2 s)\n      not started\n');
  });

  test('says why a file could not be run', () => {
    const dead = { ...result, testResults: [], console: null, failureMessage: 'Cannot find module' };
    expect(fileText(dead, '/root', { verbose: false, isFirstLook: false })).toBe('FAIL test/a.test.ts (1.2 s)\n      Cannot find module\n');
  });
});
