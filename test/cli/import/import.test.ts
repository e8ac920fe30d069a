/** `report --import`: the real command on real files, as collectors and other programs write them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ensureBuilt, freshFolder } from '../../harness/index.ts';
import { readableSpan, traceBytes } from '../../viewer/receive/signals.ts';
import { BEGIN_MS, command, filesIn, importing, keyValues, nanos, request, spanJson, twoTasks, twoTasksLine } from './records.ts';

beforeAll(() => ensureBuilt());

const framed = (...messages: readonly Uint8Array[]): Buffer =>
  Buffer.concat(
    messages.flatMap((message) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(message.length);
      return [length, message];
    }),
  );

const pretty = JSON.stringify(JSON.parse(twoTasksLine), undefined, 2);
const isTwoTasks = { run: { name: 'demo', wallMs: 10_000, startMs: BEGIN_MS, isFinished: true }, spanCount: 5, losses: {} };

describe('a run in a file', () => {
  const line = Buffer.from(`${twoTasksLine}\n`);
  const rows: [string, Uint8Array | string][] = [
    ['run.jsonl', line],
    ['run.json', line],
    ['run.ndjson', twoTasksLine],
    ['run.jsonl.gz', gzipSync(line)],
    ['run.json.gz', Buffer.concat([gzipSync(line.subarray(0, 50)), gzipSync(line.subarray(50))])],
    ['run.jsonl.zst', zstdCompressSync(line)],
    // As the file exporter of the collector packs.
    ['run.json.zst', framed(zstdCompressSync(Buffer.from(twoTasksLine)))],
    ['printed.json', pretty],
    ['list.json', JSON.stringify([JSON.parse(twoTasksLine)], undefined, 1)],
    ['windows.jsonl', `\uFEFF\r\n${twoTasksLine}\r\n\r\n`],
    ['whatever.txt', line],
  ];
  test.concurrent.each(rows)('%s gives the report', async (name, bytes) => {
    const folder = filesIn({ [name]: bytes });
    expect(await importing([join(folder, name)])).toMatchObject(isTwoTasks);
  });

  test('a file of protobuf is read alone, with lengths, packed and packed by message', async () => {
    const message = traceBytes('protobuf', [readableSpan(), readableSpan('b7ad6b7169203332')]);
    const short = Buffer.concat([Buffer.from([(message.length & 0x7f) | 0x80, message.length >> 7]), message]);
    const folder = filesIn({
      'a.pb': message,
      'b.pb': framed(message, message),
      'c.pb.gz': gzipSync(message),
      'd.pb.zst': framed(zstdCompressSync(message)),
      'e.pb': short,
    });
    const read = readdirSync(folder).map(async (name) => [name, (await importing([join(folder, name)])).spanCount] as const);
    expect(Object.fromEntries(await Promise.all(read))).toEqual({ 'a.pb': 2, 'b.pb': 2, 'c.pb.gz': 2, 'd.pb.zst': 2, 'e.pb': 2 });
  });

  test('several files, folders and standard input are one run, and what is told twice counts once', async () => {
    const [first, ...others] = twoTasks.map(spanJson);
    const folder = filesIn({
      'a.jsonl': JSON.stringify(request([first ?? {}])),
      'more/b.json': JSON.stringify(request(others.slice(0, 2))),
      'more/notes.md': 'not telemetry',
    });
    const stdin = `${JSON.stringify(request(others.slice(2)))}\n${twoTasksLine}\n`;
    expect(await importing([join(folder, 'a.jsonl'), join(folder, 'more'), '-'], { stdin })).toMatchObject(isTwoTasks);
  });
});

test('times stay those of the file, whether they are long past or still to come', async () => {
  const moved = twoTasksLine.replaceAll(String(BEGIN_MS).slice(0, 5), '19000');
  const { run } = await importing([join(filesIn({ 'a.jsonl': moved }), 'a.jsonl')]);
  expect(run.wallMs).toBe(10_000);
  expect(run.startMs).toBeGreaterThan(Date.UTC(2029, 0, 1));
});

test('logs of started spans show what never ended, and metrics give the limit of workers', async () => {
  const folder = filesIn({
    'logs.jsonl': JSON.stringify({
      resourceLogs: [
        {
          resource: { attributes: keyValues({ 'service.name': 'swarm' }) },
          scopeLogs: [
            {
              scope: { name: 'swarmscope' },
              logRecords: [
                {
                  timeUnixNano: nanos(500),
                  eventName: 'swarmscope.span.started',
                  traceId: '7'.padStart(32, '0'),
                  spanId: '9'.padStart(16, '0'),
                  attributes: keyValues({
                    'swarmscope.span.name': 'run_task review',
                    'swarmscope.operation.name': 'run_task',
                    'swarmscope.task.type': 'review',
                  }),
                },
              ],
            },
          ],
        },
      ],
    }),
    'metrics.jsonl': JSON.stringify({
      resourceMetrics: [
        {
          scopeMetrics: [
            {
              metrics: [
                { name: 'swarmscope.worker.limit', gauge: { dataPoints: [{ timeUnixNano: nanos(20), asInt: '4', attributes: [] }] } },
              ],
            },
          ],
        },
      ],
    }),
    'traces.jsonl': twoTasksLine,
  });
  const report = await importing([folder]);
  expect(report.taskTypes).toMatchObject([
    { name: 'implement', count: 2 },
    { name: 'review', count: 1, open: 1 },
  ]);
  expect(report.imported.unknown.map(({ what }) => what)).not.toContain('worker limit');
});

describe('what is damaged', () => {
  test('damaged lines are counted, and the others are read', async () => {
    const bad = [twoTasksLine.slice(0, 400), '{"resourceSpans":[', 'no json', '{"other":1}', '{}'];
    const folder = filesIn({ 'a.jsonl': [bad[1], ...bad, twoTasksLine].join('\n') });
    const { losses, ...report } = await importing([join(folder, 'a.jsonl')]);
    expect(report).toMatchObject({ spanCount: 5, missing: { isIncomplete: true } });
    expect(losses).toEqual({ 'line.damaged': 4, 'line.no-telemetry': 2 });
  });

  test('one span that cannot be read does not take its neighbours along', async () => {
    const spans = twoTasks.map(spanJson);
    const folder = filesIn({
      'a.jsonl': JSON.stringify(request([...spans, { ...spans[0], spanId: '00000000000000aa', kind: 'strange' }])),
    });
    expect(await importing([join(folder, 'a.jsonl')])).toMatchObject({ spanCount: 5, losses: { 'span.damaged': 1 } });
  });

  test('a file that is cut is read as far as it goes, and is named', async () => {
    const lines = Array.from({ length: 400 }, (_, at) =>
      JSON.stringify(request([spanJson({ id: at + 1, name: `s${at}`, fromMs: at, toMs: at + 1 })])),
    );
    const whole = gzipSync(lines.join('\n'));
    const folder = filesIn({ 'a.jsonl.gz': whole.subarray(0, whole.length - 20), 'b.pb': framed(traceBytes('protobuf')).subarray(0, 60) });
    const { stderr, losses, spanCount } = await importing([join(folder, 'a.jsonl.gz'), join(folder, 'b.pb')]);
    expect(losses['file.cut']).toBe(2);
    expect(spanCount).toBeGreaterThan(300);
    expect(stderr).toMatch(/a\.jsonl\.gz was not read to its end.*\n.*b\.pb was not read to its end/);
  });

  test('what unpacks to far more than telemetry does is not unpacked', async () => {
    const bomb = zstdCompressSync(Buffer.alloc(300 * 1024 ** 2, 32));
    const folder = filesIn({ 'bomb.jsonl.zst': bomb, 'run.jsonl': twoTasksLine });
    const { stderr, losses, spanCount } = await importing([folder], { nodeArgs: [] });
    expect({ losses, spanCount }).toEqual({ losses: { 'file.bomb': 1 }, spanCount: 5 });
    expect(stderr).toMatch(/bomb\.jsonl\.zst/);
  });

  test('a file that is not there ends with 1 and its name, before anything is read', async () => {
    const folder = filesIn({ 'run.jsonl': twoTasksLine });
    const { code, stderr, stdout } = await command(['report', '--import', join(folder, 'run.jsonl'), join(folder, 'none.jsonl')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/Cannot read .*none\.jsonl: no such file/);
  });

  test.each([
    ['an empty file', ''],
    ['a file of something else', 'a,b\n1,2\n'],
    ['bytes', Buffer.from([0, 0, 0, 9, 255, 1, 2, 3, 4, 5, 6, 7, 8])],
  ])('%s gives a report that says that nothing is known', async (_what, bytes) => {
    const folder = filesIn({ 'a.jsonl': bytes });
    const { spanCount, imported } = await importing([join(folder, 'a.jsonl')]);
    expect(spanCount).toBe(0);
    expect(imported.unknown[0]).toMatchObject({ what: 'spans' });
    const printed = await command(['report', '--import', join(folder, 'a.jsonl')]);
    expect(printed.stdout).toMatch(/no span was read\n[^]*no span was read, so nothing is known of where time went/);
    // Whatever would have helped while a program ran.
    expect(printed.stdout).not.toMatch(/doctor|NODE_OPTIONS/);
  });
});

describe('what other programs write', () => {
  test('names of protobuf, ids in base64, plain values and answers of Tempo are understood', async () => {
    const base64 = (text: string): string => Buffer.from(text, 'hex').toString('base64');
    const foreign = twoTasks.map((span) => {
      const { traceId, spanId, parentSpanId, ...rest } = spanJson(span) as Record<string, string>;
      return {
        trace_id: base64(traceId ?? ''),
        span_id: base64(spanId ?? ''),
        ...(parentSpanId === undefined ? {} : { parent_span_id: base64(parentSpanId) }),
        name: rest['name'],
        start_time_unix_nano: rest['startTimeUnixNano'],
        end_time_unix_nano: Number(rest['endTimeUnixNano']),
        attributes: { ...span.attributes, odd: { stringValue: 5 }, odder: [{ a: 1 }, null], oddest: null },
      };
    });
    const answer = {
      trace: {
        batches: [{ resource: {}, instrumentation_library_spans: [{ instrumentation_library: { name: 'swarmscope' }, spans: foreign }] }],
      },
    };
    const report = await importing([join(filesIn({ 'a.json': JSON.stringify(answer) }), 'a.json')]);
    expect(report).toMatchObject({
      run: { name: 'demo' },
      spanCount: 5,
      losses: {},
      usage: { calls: 2, tokens: { input: 2_000 } },
    });
  });

  test('calls of a program with a vocabulary of its own have tokens, and the report says that there are no tasks', async () => {
    const { requests } = JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/dialects/openinference.json'), 'utf8')) as {
      requests: { body: object }[];
    };
    const folder = filesIn({ 'a.jsonl': requests.map(({ body }) => JSON.stringify(body)).join('\n') });
    const { usage, imported, ...report } = await importing([join(folder, 'a.jsonl')]);
    expect(usage.calls).toBeGreaterThan(1);
    expect(usage.tokens['input']).toBeGreaterThan(0);
    expect(imported.unknown.map(({ what }) => what)).toEqual(expect.arrayContaining(['tasks', 'waits', 'processes', 'git', 'exit']));
    expect(report.timeline.lanes.length).toBeGreaterThan(0);
    const { stdout } = await command(['report', '--import', join(folder, 'a.jsonl')]);
    expect(stdout).toMatch(/What it does not tell:\n {4}tasks: no task was told/);
  });

  test('a thousand traces in one file are one report', async () => {
    const lines = Array.from({ length: 1_000 }, (_, at) =>
      JSON.stringify(
        request(
          [
            spanJson({
              id: 1,
              trace: at + 1,
              name: 'chat m',
              fromMs: at * 10,
              toMs: at * 10 + 25,
              attributes: { 'gen_ai.operation.name': 'chat' },
            }),
          ],
          'theirs',
        ),
      ),
    );
    const report = await importing([join(filesIn({ 'a.jsonl': lines.join('\n') }), 'a.jsonl')]);
    expect(report).toMatchObject({ imported: { traces: 1_000 }, usage: { calls: 1_000 }, losses: {} });
  });
});

test('nothing of it is left, and prompts in it are left out of what is read', async () => {
  const tmp = freshFolder('tmp');
  const spans = twoTasks.map((span) =>
    spanJson({ ...span, attributes: { ...span.attributes, 'gen_ai.input.messages': 'a secret prompt' } }),
  );
  const folder = filesIn({ 'a.jsonl': JSON.stringify(request(spans)) });
  const { stdout, code } = await command(['report', '--import', join(folder, 'a.jsonl'), '--json', '-'], { env: { TMPDIR: tmp } });
  expect(code).toBe(0);
  expect(stdout).not.toMatch(/secret/);
  expect(readdirSync(tmp)).toEqual([]);
});
