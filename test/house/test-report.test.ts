// What CI counts: a test that did not run must never pass for one that did.
import { describe, expect, test } from '@jest/globals';
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
