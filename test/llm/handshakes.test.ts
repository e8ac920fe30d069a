/** Sessions over WebSockets that the service never agreed to: who gave up is told apart. */
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { observe, type Seen } from '../e2e/programs.ts';
import { programsFolder } from './run-row.ts';

let seen: Seen;
let ports: Record<string, number>;
beforeAll(async () => {
  seen = await observe('with the preload alone', { file: join(programsFolder(), 'handshakes.mjs') });
  ports = JSON.parse(seen.stdout || '{}') as Record<string, number>;
}, 600_000);

test.each([
  ['ws, terminated', 'left', undefined],
  ['ws, closed', 'left', undefined],
  ['ws, too late', 'error', 'timeout'],
  ['ws, dropped', 'error', 'ECONNRESET'],
  ['WebSocket, closed', 'left', undefined],
  ['WebSocket, dropped', 'error', expect.stringMatching(/^(?:ECONNRESET|UND_ERR_SOCKET)$/)],
])('%s during the handshake is %s', (course, ending, errorType) => {
  expect(seen).toMatchObject({ code: 0, stderr: '' });
  const sessions = seen.spans.filter(({ attributes }) => attributes['server.port'] === ports[course]);
  expect(sessions.map(({ name, attributes }) => [name, attributes['swarmscope.session.ending'], attributes['error.type']])).toEqual([
    ['run_session gpt-realtime', ending, errorType],
  ]);
});
