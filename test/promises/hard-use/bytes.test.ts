/**
 * Damaged bytes into everything that reads bytes: nothing throws, nothing grows, a cut anywhere changes nothing, no
 * number is a lie.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from '../../../src/analysis/index.ts';
import { findingsOf } from '../../../src/cli/doctor/findings/index.ts';
import { readSettings } from '../../../src/config/settings/index.ts';
import { createGitCollector } from '../../../src/root/git/reader.ts';
import { createRepositoryReader } from '../../../src/root/git/repository.ts';
import { toOperation } from '../../../src/root/git/to-operation.ts';
import { FinalsReader, adoptFinals } from '../../../src/root/finals.ts';
import { lineReader } from '../../../src/root/lines.ts';
import { MetricsMerge } from '../../../src/root/metrics-merge.ts';
import { readSnapshot } from '../../../src/root/snapshot.ts';
import { OtlpError } from '../../../src/otlp/read/index.ts';
import { readStatusFiles, statusFolder } from '../../../src/sdk/status-file.ts';
import { createLive } from '../../../src/viewer/index.ts';
import { openStore } from '../../../src/viewer/store/store.ts';
import { readLogs, readMetrics, readTraces } from '../../../src/viewer/receive/rows/index.ts';
import { freshFolder } from '../../harness/index.ts';
import { startRecording } from '../../recording/recorder.ts';
import { callThrough, type WireInput } from './fuzz/wire.ts';
import { cutUp, damage, damageJson, expectEqual, expectSane } from './fuzz/mutate.ts';
import { fuzz, seed, type Random } from './fuzz/random.ts';
import { record, type Recorded, type RecordedCall } from './fuzz/recorded.ts';

let recorded: Recorded;

beforeAll(async () => void (recorded = await record()));

afterAll(() => void process.stdout.write(`fuzz seed ${seed}\n`));

describe('LLM calls on the wire', () => {
  const inputOf = (call: RecordedCall, change: (body: Buffer) => Buffer): WireInput => ({
    ...call,
    request: [change(call.request)],
    answer: [change(call.answer)],
    status: 200,
    ending: 'end',
  });

  test('a recorded call cut in two at every byte gives what the whole one gives', () => {
    for (const isContentCaptured of [false, true]) {
      for (const call of recorded.calls) {
        const whole = callThrough(
          inputOf(call, (body) => body),
          isContentCaptured,
        );
        expect(whole.attributes['gen_ai.usage.output_tokens']).toBeGreaterThanOrEqual(0);
        expect(whole.attributes['gen_ai.response.id']).toBeDefined();
        // Content adds no state to the cutting; every third byte says as much and takes a third of the time.
        for (let at = 0; at <= call.answer.length; at += isContentCaptured ? 3 : 1) {
          const answer = [call.answer.subarray(0, at), call.answer.subarray(at)];
          expectEqual(callThrough({ ...inputOf(call, (body) => body), answer }, isContentCaptured), whole);
        }
      }
    }
  });

  for (const isContentCaptured of [false, true]) {
    test(`damaged bodies and streams end their span once, with true numbers, however they are cut (content ${isContentCaptured ? 'on' : 'off'})`, () => {
      fuzz(500, (random) => {
        const call = random.pick(recorded.calls);
        const input: WireInput = {
          ...call,
          contentType: random.chance(0.9) ? call.contentType : random.pick(['', 'text/event-stream', 'application/json', 'text/html']),
          request: [damageBody(call.request, random)],
          answer: [damageBody(call.answer, random)],
          status: random.pick([200, 200, 200, 429, 500, 0]),
          ending: random.pick(['end', 'end', 'error', 'abort']),
        };
        const whole = callThrough(input, isContentCaptured);
        expectSane(whole);
        for (const request of [[...input.request], cutUp(input.request[0] as Buffer, random)])
          expectEqual(callThrough({ ...input, request, answer: cutUp(input.answer[0] as Buffer, random) }, isContentCaptured), whole);
      });
    });
  }
});

/** As bytes; or, where the text is JSON or a stream of JSON events, event by event. */
function damageBody(body: Buffer, random: Random): Buffer {
  if (random.chance(0.4)) return damage(body, random);
  const text = body.toString('utf8');
  if (!text.includes('data: ')) return Buffer.from(damageJson(JSON.parse(text), random));
  let events = text.split('\n\n');
  if (random.chance(0.3)) events = random.shuffle(events);
  if (random.chance(0.3)) events = [...events, ...events];
  const at = random.below(events.length);
  events[at] = (events[at] as string).replace(/^data: (\{.*)$/m, (_, json: string) => `data: ${damageJson(JSON.parse(json), random)}`);
  return Buffer.from(events.join(random.pick(['\n\n', '\n\n', '\r\n\r\n', '\r\r', '\n'])));
}

test('damaged Trace2 events give commands with true times, however they are cut', () => {
  const lines = recorded.trace2.toString('utf8').split('\n');
  expect(lines.length).toBeGreaterThan(20);
  const read = (pieces: readonly Buffer[]): unknown => {
    const settled: unknown[] = [];
    const collector = createGitCollector({
      onCommand: (command) =>
        settled.push({
          ...command,
          operation: toOperation(command, { repository: createRepositoryReader(), conflictOf: () => undefined, isLocked: () => false }),
        }),
      onFault: (error) => {
        throw error;
      },
    });
    const stream = collector.open();
    for (const piece of pieces) stream.write(piece);
    stream.end();
    collector.settle(true);
    return settled;
  };
  fuzz(250, (random) => {
    let changed = random.chance(0.3) ? random.shuffle(lines) : [...lines];
    const at = random.below(changed.length);
    if (random.chance(0.7) && changed[at] !== '') changed[at] = damageJson(JSON.parse(changed[at] as string), random);
    if (random.chance(0.2)) changed = [...changed, ...changed];
    const text = Buffer.from(changed.join('\n'));
    const bytes = random.chance(0.5) ? text : damage(text, random);
    const whole = read([bytes]);
    expectSane(whole);
    expect(JSON.stringify(whole).length).toBeLessThan(bytes.length * 4 + 10_000);
    expectEqual(read(cutUp(bytes, random)), whole);
  });
});

describe('the receiver', () => {
  const readers = { traces: readTraces, metrics: readMetrics, logs: readLogs };

  test('damaged OTLP, protobuf and JSON, is refused as such or read with true numbers; the report of it is made', () => {
    let taken = 0;
    let refused = 0;
    const isSound = (damaged: Recorded['otlp'][number], random: Random): void => {
      const run = {
        id: 'r',
        name: 'r',
        command: 'node',
        startMs: 1_790_000_000_000,
        endMs: 1_790_000_100_000,
        exitCode: 0,
        signal: undefined,
      };
      const store = openStore(':memory:');
      store.startRun(run);
      const live = createLive();
      try {
        for (const { signal, isJson, body } of [random.pick(recorded.otlp), damaged]) {
          const rows = readers[signal](body, isJson ? 'json' : 'protobuf');
          expectSane(rows);
          if ('spans' in rows) {
            store.addTraces(rows);
            live.addTraces(rows);
          } else if ('points' in rows) store.addMetrics(rows);
          else {
            store.addLogs(rows);
            live.addLogs(rows);
          }
        }
        expectSane(live.snapshot(1_790_000_100_000));
        expectSane(analyse(store.loadRun()));
        taken += 1;
      } catch (error) {
        if (!(error instanceof OtlpError)) throw error;
        refused += 1;
      } finally {
        store.close();
      }
    };
    fuzz(600, (random) => {
      const good = random.pick(recorded.otlp);
      const isShape = good.isJson && random.chance(0.7);
      const body = isShape ? Buffer.from(damageJson(JSON.parse(good.body.toString('utf8')), random)) : damage(good.body, random);
      isSound({ ...good, body }, random);
    });
    expect(taken).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(20);
  });
});

describe('the root of a run', () => {
  const snapshot = (): object => ({
    processKey: 'k1',
    sequence: 3,
    pid: 12,
    startTime: 1_790_000_000_000,
    time: 1_790_000_001_000,
    metrics: [
      { name: 'a', unit: '1', description: 'd', isInt: true, kind: 'counter', points: [{ attributes: { x: 'y', n: 1 }, value: 5 }] },
      { name: 'b', unit: 's', description: 'd', isInt: false, kind: 'gauge', points: [{ attributes: {}, value: -2 }] },
      {
        name: 'c',
        unit: 's',
        description: 'd',
        isInt: false,
        kind: 'histogram',
        points: [{ attributes: {}, count: 3, sum: 4.5, min: 1, max: 2, bounds: [1, 2], counts: [1, 2, 0] }],
      },
    ],
  });

  test('damaged run channel messages are refused or merged into true totals, however they are cut', () => {
    const read = (pieces: readonly Buffer[]): unknown => {
      const merge = new MetricsMerge(1_790_000_000_000);
      const seen: unknown[] = [];
      const feed = lineReader(
        (message) => {
          const found =
            typeof message === 'object' && message !== null && 'snapshot' in message ? readSnapshot(message.snapshot) : undefined;
          if (found !== undefined) seen.push(merge.update(found));
        },
        () => seen.push('bad'),
      );
      for (const piece of pieces) feed(piece);
      return { seen, merged: merge.collect(1_790_000_002_000) };
    };
    fuzz(250, (random) => {
      const good = { snapshot: snapshot() };
      const other = random.chance(0.8) ? damageJson(good, random) : '{"processKey":"k1","pid":1}';
      const messages = [JSON.stringify(good), other, JSON.stringify({ snapshot: { ...snapshot(), sequence: 4 } })];
      const text = Buffer.from(messages.map((message) => `${message}\n`).join(''));
      const bytes = random.chance(0.6) ? text : damage(text, random);
      const whole = read([bytes]);
      expectSane(whole);
      expectEqual(read(cutUp(bytes, random)), whole);
    });
  });

  test('damaged finals are removed and counted, and never stop a root or its successor', () => {
    const folder = freshFolder('finals');
    const finals = join(folder, 'finals');
    fuzz(60, (random) => {
      mkdirSync(finals, { recursive: true });
      for (let at = 0; at < 4; at += 1) {
        const json = damageJson({ ...snapshot(), exported: snapshot() }, random);
        writeFileSync(join(finals, `${at}.json`), random.chance(0.5) ? json : damage(Buffer.from(json), random));
      }
      let bad = 0;
      if (random.chance(0.5)) {
        const taken = new FinalsReader(() => (bad += 1)).take(finals);
        expect(taken.length + bad).toBe(4);
        expectSane(taken);
      }
      expectSane(adoptFinals(folder));
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    });
  });
});

test('damaged status files are passed over by doctor, and the good ones still read', () => {
  const home = freshFolder('status');
  const settings = readSettings({ XDG_STATE_HOME: home });
  const folder = statusFolder(settings);
  mkdirSync(folder, { recursive: true });
  const tally = { recorded: 5, sent: 5, dropped: { http_500: 2 }, lastAnswer: { isGood: false, text: 'http_500', time: 1 } };
  const status = {
    version: '0.1.0',
    pid: 1,
    threadId: 0,
    startTime: 1,
    time: 2,
    isEnded: true,
    serviceName: 's',
    runId: 'r',
    node: '24.0.0',
    endpoints: { traces: 'http://127.0.0.1:4318/v1/traces', metrics: 'off', logs: 'off' },
    signals: { traces: tally, metrics: tally, logs: tally },
    observers: { git: { isOn: false, why: 'x' } },
    counters: { a: 1 },
    problems: [{ env: 'A', expected: 'b', received: 'c' }],
  };
  writeFileSync(join(folder, 'good.json'), JSON.stringify(status));
  fuzz(250, (random) => {
    const json = random.chance(0.7) ? damageJson(status, random) : JSON.stringify(status);
    writeFileSync(join(folder, 'bad.json'), random.chance(0.6) ? json : damage(Buffer.from(json), random));
    const statuses = readStatusFiles(settings);
    const findings = findingsOf(settings, statuses, { hasGit: true, hasGpu: false, runs: 1 });
    expect(findings.some(({ text }) => text.startsWith('s (pid 1): 2 traces lost'))).toBe(true);
  });
  expect(readFileSync(join(folder, 'good.json'), 'utf8')).toContain('http_500');
});

test('the fuzzer catches a reader that is planted to lie', () => {
  expect(() => expectSane({ inputTokens: -1 })).toThrow('inputTokens');
  expect(() => expectSane({ deep: [NaN] })).toThrow('NaN');
  expect(() => expectSane({ name: 'x'.repeat(80_000) })).toThrow('characters');
  expect(() =>
    fuzz(3, (_, round) => {
      if (round === 2) throw new Error('planted');
    }),
  ).toThrow(`round 2 of seed ${seed}`);
  expect(startRecording().spans()).toEqual([]);
});
