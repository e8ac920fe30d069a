// A file of tests for `node --test`: passing, nested, failing and skipped ones, with a mocked clock and a child
// process.
import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import test from 'node:test';

test('passes', async (context) => {
  context.mock.timers.enable();
  await context.test('inner', () => assert.equal(1, 1));
});
test('child', () => assert.equal(String(execFileSync('echo', ['a'])), 'a\n'));
test('fails', () => assert.equal(1, 2));
test.skip('skipped');
