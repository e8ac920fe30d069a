// What CI counts: a test that did not run must never pass for one that did.
import { describe, expect, test } from '@jest/globals';
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

  test('is taken at up to three files that failed, and at none when more did', () => {
    const failed = (count: number): unknown =>
      report(...Array.from({ length: count }, (_, at): [string, string] => [`${at}.ts`, 'failed']));
    expect(secondLookFiles(report(['a.ts', 'passed'], ['b.ts', 'failed']))).toEqual(['b.ts']);
    expect(secondLookFiles(failed(3))).toHaveLength(3);
    expect(secondLookFiles(failed(4))).toEqual([]);
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
