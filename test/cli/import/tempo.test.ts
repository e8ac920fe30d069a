/** `report --tempo` against a server that answers as Tempo does; the real one is in test/stack/import.test.ts. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { closeAtEnd, ensureBuilt } from '../../harness/index.ts';
import { readableSpan, TRACE_ID, traceBytes } from '../../viewer/receive/signals.ts';
import { command, twoTasksLine } from './records.ts';

beforeAll(() => ensureBuilt());

type Handle = (request: IncomingMessage) => { status: number; body: string | Uint8Array };

async function serve(handle: Handle): Promise<string> {
  const server = createServer((request, response) => {
    const { status, body } = handle(request);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAtEnd(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = (body: unknown): { status: number; body: string } => ({ status: 200, body: JSON.stringify(body) });

test('a trace by its id, whose leading zeros Tempo leaves out, behind a user and a password that are shown nowhere', async () => {
  const asked: string[] = [];
  const host = await serve(({ url = '', headers }) => {
    asked.push(`${url} ${headers.accept ?? ''} ${headers.authorization ?? ''}`);
    return { status: 200, body: traceBytes('protobuf', [readableSpan()]) };
  });
  const { stdout, stderr, code } = await command([
    'report',
    '--tempo',
    `http://user:secret@${host}/tempo/?org=1`,
    '--trace',
    TRACE_ID.slice(1),
    '--json',
    '-',
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(asked).toEqual([`/tempo/api/traces/${TRACE_ID} application/protobuf Basic ${Buffer.from('user:secret').toString('base64')}`]);
  expect(JSON.parse(stdout)).toMatchObject({ spanCount: 1, imported: { sources: [`http://${host}/tempo trace ${TRACE_ID}`], traces: 1 } });
  expect(stdout).not.toMatch(/secret/);
});

test('the traces that a query finds are one run, in whatever form they come', async () => {
  const host = await serve(({ url = '' }) => {
    if (url.startsWith('/api/search')) {
      const query = new URL(url, 'http://x').searchParams;
      expect(query.get('q')).toBe('{ name = "x" }');
      expect(Number(query.get('end')) - Number(query.get('start'))).toBeLessThan(7 * 86_400);
      return json({ traces: [{ traceID: '7' }, { traceID: TRACE_ID.slice(1) }, { odd: 1 }] });
    }
    if (url.endsWith(TRACE_ID)) return { status: 200, body: traceBytes('protobuf', [readableSpan()]) };
    return { status: 200, body: twoTasksLine };
  });
  const { stdout, code } = await command(['report', '--tempo', `http://${host}`, '--query', '{ name = "x" }', '--json', '-']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ spanCount: 6, imported: { traces: 2 } });
});

describe('what cannot be read ends with a line that says why', () => {
  test.each([
    { answer: { status: 404, body: 'no' }, args: ['--trace', 'ab'], code: 1, says: /knows no trace 0{30}ab/ },
    { answer: { status: 401, body: 'no' }, args: ['--trace', 'ab'], code: 1, says: /HTTP 401: put user and password into the URL/ },
    {
      answer: { status: 500, body: 'broken\u001b[2J' },
      args: ['--query', '{}'],
      code: 1,
      says: /does not answer the query \(HTTP 500: broken/,
    },
    { answer: { status: 200, body: 'text' }, args: ['--query', '{}'], code: 1, says: /finds no trace of the last week/ },
    { answer: { status: 200, body: '' }, args: [], code: 2, says: /--tempo needs to know what to read/ },
    { answer: { status: 200, body: '' }, args: ['--trace', '../../x'], code: 2, says: /--trace expects the id of a trace in hex/ },
  ])('$args, answered by $answer.status', async ({ answer, args, code, says }) => {
    const host = await serve(() => answer);
    const result = await command(['report', '--tempo', `http://user:secret@${host}`, ...args]);
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toMatch(says);
    expect(result.stderr).not.toContain('secret');
    expect(result.stderr).not.toContain('\u001b');
  });

  test('nobody listens, and flags without --tempo', async () => {
    expect((await command(['report', '--tempo', 'http://127.0.0.1:9', '--trace', 'ab'])).stderr).toMatch(
      /Tempo at http:\/\/127\.0\.0\.1:9 does not give .*ECONNREFUSED/,
    );
    expect(await command(['report', '--trace', 'ab'])).toMatchObject({ code: 2 });
  });
});
