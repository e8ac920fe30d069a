// The harness itself: a test tool that cannot fail would hide every other fault.
import { afterAll, describe, expect, test } from '@jest/globals';
import type { SpanRow } from '../../src/analysis/model.ts';
import { expectTrace, runProgram, startModels, startProgram, startSink, type Sink } from '../harness/index.ts';

function span(spanId: string, parentSpanId: string | undefined, name: string, attributes: SpanRow['attributes'] = {}): SpanRow {
  return {
    traceId: 't',
    spanId,
    parentSpanId,
    name,
    kind: 1,
    startMs: 0,
    endMs: 1,
    isError: false,
    attributes,
    links: [],
    scopeName: '',
    serviceName: '',
    pid: undefined,
  };
}

describe('runProgram', () => {
  test('gives output, exit code and a home of its own', async () => {
    const result = await runProgram({
      files: {
        'main.mjs':
          "process.stdin.on('data', (text) => { console.log(process.env.HOME, String(text)); console.error('err'); process.exitCode = 3; });",
      },
      preload: 'none',
      stdin: 'typed',
    });
    expect(result).toMatchObject({ code: 3, signal: null, stderr: 'err\n', isTimedOut: false });
    expect(result.stdout).toMatch(/swarmscope-home-\w+ typed\n$/);
  });

  test('lets a program load the packages of this repository', async () => {
    const result = await runProgram({
      files: { 'main.mjs': "import PQueue from 'p-queue'; console.log(typeof PQueue);" },
      preload: 'none',
    });
    expect(result.stdout).toBe('function\n');
  });

  test('kills a program and its children when their time is over', async () => {
    const program = startProgram({
      // A shell begins sooner than its time is over also on a busy machine.
      command: 'sh',
      args: ['-c', 'sleep 1000 & echo "child $! ."; wait'],
      preload: 'none',
      timeoutMs: 2_000,
    });
    const result = await program.finished;
    expect(result).toMatchObject({ signal: 'SIGKILL', isTimedOut: true });
    const pid = Number(/child (\d+)/.exec(result.stdout)?.[1]);
    expect(pid).toBeGreaterThan(0);
  });

  test('resolves when a text is printed, and rejects when the program ends without it', async () => {
    const program = startProgram({ files: { 'main.mjs': "console.log('ready');" }, preload: 'none' });
    await program.printed(/ready/);
    await expect(program.printed(/never/)).rejects.toThrow('ended without printing');
  });

  test('says why a program cannot start', async () => {
    const result = await runProgram({ command: '/does/not/exist', preload: 'none' });
    expect(result.code).toBeNull();
    expect(result.stderr).toContain('ENOENT');
  });
});

describe('startSink', () => {
  const sinks: Sink[] = [];
  afterAll(() => Promise.all(sinks.map((sink) => sink.close())));
  const start = async (...args: Parameters<typeof startSink>): Promise<Sink> => {
    const sink = await startSink(...args);
    sinks.push(sink);
    return sink;
  };
  const post = (sink: Sink): Promise<Response> =>
    fetch(`${sink.url}/v1/traces`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });

  test('accepts requests and keeps what was accepted', async () => {
    const sink = await start();
    await post(sink);
    await sink.arrived((requests) => requests.length === 1);
    expect(sink.accepted('traces')).toEqual([{ body: Buffer.from('{}'), contentType: 'application/json' }]);
  });

  test('answers with a status and headers, and does not count that as accepted', async () => {
    const sink = await start({ status: 429, headers: { 'retry-after': '1' } });
    const response = await post(sink);
    expect([response.status, response.headers.get('retry-after'), sink.accepted('traces')]).toEqual([429, '1', []]);
  });

  test('refuses connections, and accepts them again on the same port', async () => {
    const sink = await start('refuse');
    await expect(post(sink)).rejects.toThrow('fetch failed');
    await sink.behave('accept');
    expect((await post(sink)).status).toBe(200);
  });

  test('hangs until it is closed', async () => {
    const sink = await start('hang');
    const asked = post(sink);
    await sink.arrived((requests) => requests.length === 1);
    await sink.close();
    await expect(asked).rejects.toThrow('fetch failed');
  });

  test('says what did arrive when the awaited request does not', async () => {
    const sink = await start();
    await post(sink);
    await expect(sink.arrived(() => false, 10)).rejects.toThrow('/v1/traces 200 (2 bytes)');
  });
});

describe('expectTrace', () => {
  const spans = [span('1', undefined, 'run', { model: 'm' }), span('2', '1', 'task a'), span('3', '1', 'task b'), span('4', '3', 'chat')];

  test('accepts the tree that arrived, children in any order', () => {
    expectTrace(spans, {
      name: 'run',
      attributes: { model: 'm', absent: undefined },
      children: [
        { name: /b$/, children: [{ name: 'chat' }] },
        { name: 'task a', children: [] },
      ],
    });
  });

  test.each([
    ['another name', { name: 'other' }],
    ['another attribute', { name: 'run', attributes: { model: /x/ } }],
    ['a missing child', { name: 'run', children: [{ name: 'task a' }] }],
    ['the same child twice', { name: 'run', children: [{ name: 'task a' }, { name: 'task a' }] }],
    ['a child at the wrong depth', { name: 'run', children: [{ name: 'task a' }, { name: 'chat' }] }],
  ])('refuses %s and prints what arrived', (_, tree) => {
    expect(() => expectTrace(spans, tree)).toThrow(/expected:[^]*arrived \(4 spans\):\nrun \(kind 1\)\n {4}model = "m"\n {2}task a/);
  });

  test('takes a span whose parent is elsewhere for a root', () => {
    expectTrace([span('9', 'remote', 'git commit')], { name: 'git commit' });
  });
});

describe('startModels', () => {
  test('answers a chat', async () => {
    const models = await startModels();
    const response = await fetch(`${models.openaiUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
      body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'ping' }] }),
    });
    await models.close();
    expect(await response.text()).toContain('pong');
  });
});
