// What CI counts: a test that did not run must never pass for one that did.
import { describe, expect, test } from '@jest/globals';
import { fileText } from '../../tools/check/case-reporter.ts';
import { madeGood, secondLookFiles, withSecondLook } from '../../tools/check/second-look.ts';
import { countTests } from '../../tools/check/test-report.ts';

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
    expect(count).toEqual({ passed: 1, failed: 1, remarks: ['two (failed)'] });
  });

  test('says the first lines of why', () => {
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
    });
  });

  test('counts a file that could not be loaded as failed, with the first line of why', () => {
    const count = countTests({ testResults: [file([], '\n  Cannot find module\n at x')] });
    expect(count).toEqual({ passed: 0, failed: 1, remarks: ['a.test.ts: ran no test:   Cannot find module'] });
  });
});

describe('the second look', () => {
  const report = (...files: [name: string, status: string][]): unknown => ({
    testResults: files.map(([name, status]) => ({ name, message: '', assertionResults: [{ status, fullName: `test of ${name}` }] })),
  });

  test('is taken at up to eight files that failed, and at none when more did', () => {
    const failed = (count: number): unknown =>
      report(...Array.from({ length: count }, (_, at): [string, string] => [`${at}.ts`, 'failed']));
    expect(secondLookFiles(report(['a.ts', 'passed'], ['b.ts', 'failed']))).toEqual(['b.ts']);
    expect(secondLookFiles(failed(8))).toHaveLength(8);
    expect(secondLookFiles(failed(9))).toEqual([]);
  });

  test('is taken at a file that ran no test, as after a runner that died', () => {
    expect(secondLookFiles({ testResults: [file([])] })).toEqual(['a.test.ts']);
  });

  test('makes no skipped test good', () => {
    expect(secondLookFiles(report(['a.ts', 'pending']))).toEqual([]);
  });

  test('counts in place of the first, and what it made good is named', () => {
    const first = report(['a.ts', 'passed'], ['b.ts', 'failed'], ['c.ts', 'failed']);
    const second = report(['b.ts', 'passed'], ['c.ts', 'failed']);
    expect(countTests(withSecondLook(first, second))).toEqual({ passed: 2, failed: 1, remarks: ['test of c.ts (failed)'] });
    expect(madeGood(first, second)).toEqual(['test of b.ts']);
  });
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

  test('what failed comes first, with why; then every case', () => {
    const lines = fileText(result, '/root', { verbose: true, isFirstLook: false }).split('\n');
    expect(lines).toEqual(['FAIL test/a.test.ts (1.2 s)', ...why, '  ✓ on Node 24 › one (5 ms)', '']);
  });

  test('a first look calls nothing a failure, and cases that passed are named only where they are asked for', () => {
    const lines = fileText(result, '/root', { verbose: false, isFirstLook: true }).split('\n');
    expect(lines).toEqual(['not passed test/a.test.ts (1.2 s)', ...why, '']);
  });

  test('a file that could not be run says why', () => {
    const dead = { ...result, testResults: [], console: null, failureMessage: 'Cannot find module' };
    expect(fileText(dead, '/root', { verbose: false, isFirstLook: false })).toBe('FAIL test/a.test.ts (1.2 s)\n      Cannot find module\n');
  });
});
