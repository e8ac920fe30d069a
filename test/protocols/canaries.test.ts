/**
 * With content off nothing that people, models or tools say leaves, in any protocol: every text of every request and answer
 * of the cases that is no enumeration, id or name is a canary, and none is in the bytes of what is exported.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { putLog, putSpan, WireWriter } from '../../src/otlp/write/index.ts';
import type { LogRecord } from '../../src/semconv/telemetry.ts';
import { hatch, escaped, type Exhibit } from '../promises/content/canaries.ts';
import { WireCalls } from '../../src/observers/llm-wire/lazy.ts';
import { startRecording } from '../recording/recorder.ts';
import { bytesOf, type Call } from './call.ts';
import { callsOf, type ProtocolTable } from './protocol.cases.ts';

/** Members whose text is an enumeration, an id or a name that somebody chose: those leave. */
const LEAVES =
  /^(?:type|role|object|model|model_?version|name|tool|tool_?name|allowed_tools|status|code|format|mime_?type|media_?type|effort|reasoning_effort|thinking_?level|encoding_format|anthropic_version|schemaVersion|service_?tier|system_fingerprint|blockReason|server_label|title|label|modality|think|event|method|speed|inference_geo|traffic_?type|.*_?id|.*Id|.*reason|stopReason|completionReason|response_?modalities|response_?mime_?type|embedding_types|conversation|bytes)$/i;

const { word } = hatch(['word']);
const MIN_CHARACTERS = word.length;

/** The same shape, with a canary in front of every text that may not leave. */
function planted(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return LEAVES.test(name) ? value : plantedIn(value);
  if (Array.isArray(value)) return value.map((item) => planted(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, planted(member, key)]));
}

/** JSON in a text stays JSON; data: URLs stay such. */
function plantedIn(text: string): string {
  if (/^\s*[{[]/.test(text)) {
    try {
      return JSON.stringify(planted(JSON.parse(text)));
    } catch {
      // Half of a JSON text, as a stream brings it: a canary before it would be another shape.
      return text;
    }
  }
  return text.startsWith('data:') ? text : `${word} ${text}`;
}

/** Of a stream of events, or of lines of JSON, the data; of an AWS event stream the texts that are long enough, at their length. */
function plantedAnswer(answer: unknown): unknown {
  if (Buffer.isBuffer(answer)) return Buffer.from(plantedInPlace(answer.toString('latin1')), 'latin1');
  if (typeof answer !== 'string') return planted(answer);
  return answer
    .split('\n')
    .map((line) => {
      const [, head = '', json = ''] = /^(data:\s*)?([{[].*?),?\r?$/.exec(line) ?? [];
      if (json === '') return line;
      try {
        return head + JSON.stringify(planted(JSON.parse(json)));
      } catch {
        return line;
      }
    })
    .join('\n');
}

function plantedInPlace(text: string): string {
  return text.replaceAll(/"(\w+)":"([^"\\]*)"/g, (whole, name: string, value: string) => {
    if (name === 'bytes') {
      const inner = Buffer.from(plantedInPlace(Buffer.from(value, 'base64').toString('latin1')), 'latin1').toString('base64');
      return inner.length === value.length ? `"${name}":"${inner}"` : whole;
    }
    if (LEAVES.test(name) || value.length < MIN_CHARACTERS) return whole;
    return `"${name}":"${word.padEnd(value.length, '.')}"`;
  });
}

interface Where {
  readonly address: string;
  readonly host: string;
}

interface Sent {
  readonly exhibits: Exhibit[];
  readonly spans: number;
}

/** All that the recorder makes of the call, as the bytes that would be sent. */
async function sent(call: Call, { address, host }: Where, env: Record<string, string>): Promise<Sent> {
  const logs: LogRecord[] = [];
  const measured: unknown[] = [];
  const recording = startRecording({
    env,
    change: (assembly) => ({
      ...assembly,
      emitLog: (record) => void logs.push(record),
      hashKey: () => Buffer.alloc(32, 1),
      meter: new Proxy(assembly.meter, {
        get: () => (name: string) => ({
          add: (value: number, attributes?: object) => void measured.push([name, value, attributes]),
          record: (value: number, attributes?: object) => void measured.push([name, value, attributes]),
        }),
      }),
    }),
  });
  const { recorder } = recording;
  const wire = new WireCalls({
    settings: recorder.settings,
    recorder: () => recorder,
    peek: () => recorder,
    loadFrom: () => undefined,
    fault: (_, error) => {
      throw error;
    },
    count: () => undefined,
  });
  const [method = 'POST', path = ''] = address.startsWith('/') ? ['POST', address] : address.split(' ');
  const isStream = typeof call.answer === 'string' || Buffer.isBuffer(call.answer);
  const headers: Readonly<Record<string, string>> = {
    'content-type': isStream ? 'text/event-stream' : 'application/json',
    ...call.headers,
  };
  const sink = wire.open({ method, host, port: 443, path, header: (name) => call.requestHeaders?.[name] });
  if (sink === undefined) throw new Error(`${address} is no call`);
  if (call.request !== undefined) sink.requestBody(bytesOf(call.request));
  sink.requestEnd();
  sink.responseHead({ status: call.status ?? 200, header: (name) => headers[name] }, () => undefined);
  sink.responseChunk(bytesOf(call.answer));
  sink.end(0);
  await Promise.resolve();
  const writer = new WireWriter();
  for (const span of recording.spans()) putSpan(writer, span, false);
  for (const log of logs) putLog(writer, log, false);
  writer.commit();
  const bytes = Buffer.concat(writer.takeChunks());
  return {
    exhibits: [
      { from: 'spans and logs', bytes },
      { from: 'metrics and counts', bytes: Buffer.from(JSON.stringify([measured, ...recording.counts])) },
    ],
    spans: recording.spans().length,
  };
}

const tableOf = (folder: string): ProtocolTable =>
  jest.requireActual<{ table: ProtocolTable }>(join(import.meta.dirname, folder, 'cases.ts')).table;
const NEVER_CAPTURED = new Set(['openai-embeddings', 'batch-jobs', 'mistral-ocr', 'vertex-predict']);
/** Sessions have no address of their own: `test/e2e/websocket.test.ts` looks at what leaves of them. */
const folders = readdirSync(import.meta.dirname)
  .filter((name) => existsSync(join(import.meta.dirname, name, 'cases.ts')))
  .filter((name) => URL.canParse(tableOf(name).own[0]?.[0] ?? ''));
const CAPTURE = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT';

describe.each(folders)('%s', (folder) => {
  const table = tableOf(folder);
  const [[example = ''] = []] = table.own;
  const { pathname, hostname: host } = new URL(example);
  const calls = callsOf(table).map(([name, call]) => {
    const changed = { ...call, request: planted(call.request ?? table.request.request), answer: plantedAnswer(call.answer) };
    return [name, changed, { address: call.path ?? pathname, host }] as const;
  });

  test.each(calls)('%s: no text leaves with content off', async (_, call, address) => {
    const { exhibits, spans } = await sent(call, address, {});
    expect(spans).toBeGreaterThan(0);
    expect(escaped({ word }, exhibits)).toEqual([]);
  });

  test('the same search finds what leaves where it is asked for, unless nothing of it is ever captured', async () => {
    const found: string[] = [];
    for (const [, call, address] of calls) {
      for (const mode of ['SPAN_ONLY', 'EVENT_ONLY']) {
        const { exhibits } = await sent(call, address, { [CAPTURE]: mode });
        if (escaped({ word }, exhibits.slice(0, 1)).length > 0) found.push(mode);
      }
    }
    expect(new Set(found)).toEqual(new Set(NEVER_CAPTURED.has(folder) ? [] : ['SPAN_ONLY', 'EVENT_ONLY']));
  });
});
