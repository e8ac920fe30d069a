/** Real git commands that write their Trace2 events to a Unix socket, many at once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFixture, traceparent, type Fixture } from './repository-fixture.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture('socket');
});
afterEach(() => fixture.remove());

async function git(...args: string[]): Promise<void> {
  await once(spawn('git', args, { cwd: fixture.repo, env: fixture.environment, stdio: 'ignore' }), 'exit');
}

describe('git commands read from a socket', () => {
  test('each of many git processes at once is an operation of its own', async () => {
    await fixture.duty.start();
    await Promise.all(Array.from({ length: 20 }, () => git('log', '-1')));
    await git('commit', '-q', '--allow-empty', '-m', 'x');
    await fixture.duty.stop();
    expect(fixture.operations.filter(({ operation }) => operation === 'log')).toHaveLength(20);
    expect(fixture.operations.filter(({ operation }) => operation === 'commit')).toHaveLength(1);
    expect(fixture.operations).toHaveLength(21);
    expect(fixture.operations.every((operation) => operation.traceparent === traceparent && operation.exitCode === 0)).toBe(true);
    expect(existsSync(join(fixture.base, 'git.sock'))).toBe(false);
  });

  test('garbage and broken connections are not recorded as operations', async () => {
    await fixture.duty.start();
    const socket = connect(join(fixture.base, 'git.sock'));
    socket.end('no json\n{"event":"start"');
    await once(socket, 'close');
    await git('status');
    await fixture.duty.stop();
    expect(fixture.operations.map(({ operation }) => operation)).toEqual(['status']);
  });
});
