/** The assembly in one process: resource, sampling, span starts, metrics, protocols, status. */
import { mkdtempSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { JsonLogsSerializer } from '@opentelemetry/otlp-transformer';
import { readSettings } from '../../src/config/settings/index.ts';
import type { MetricSnapshot } from '../../src/root/types.ts';
import type { AssemblyOptions } from '../../src/sdk/assembly-types.ts';
import { SDK_VERSION } from '../../src/sdk/resource.ts';
import { createStatusFile, statusFolder } from '../../src/sdk/status-file.ts';
import { createSupervisorAssembly, readStatusFiles } from '../../src/sdk/supervisor.ts';
import { itemsOf, spanNames, startReceiver, type Receiver } from './receiver.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function create(environment: Record<string, string> = {}, more: Partial<AssemblyOptions> = {}) {
  const receiver: Receiver = await startReceiver();
  const settings = readSettings({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'swarmscope-')),
    ...environment,
  });
  const assembly = createSupervisorAssembly({ settings, version: '1.2.3', ...more });
  closers.push(
    () => assembly.close(),
    () => receiver.close(),
  );
  return { ...receiver, settings, assembly };
}

test('the resource names service, instance, process and distribution, and inherits no instance id', async () => {
  const environment = {
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=from-attributes,service.instance.id=inherited,team=a',
    SWARMSCOPE_RUN_ID: 'run-1',
  };
  const { resource } = (await create(environment)).assembly;
  expect(resource).toMatchObject({
    'service.name': 'from-attributes',
    team: 'a',
    'swarmscope.run.id': 'run-1',
    'process.pid': process.pid,
    'telemetry.distro.name': 'swarmscope',
    'telemetry.distro.version': '1.2.3',
  });
  expect(resource['service.instance.id']).toMatch(/^[\da-f-]{36}$/);
  expect(JSON.stringify(resource)).not.toContain(process.cwd());
  expect((await create({ ...environment, OTEL_SERVICE_NAME: 'wins' })).assembly.resource['service.name']).toBe('wins');
  expect((await create({ ...environment, SWARMSCOPE_RUN_NAME: 'run' })).assembly.resource['service.name']).toBe('from-attributes');
  expect((await create({ SWARMSCOPE_RUN_NAME: 'run' })).assembly.resource['service.name']).toBe('run');
  expect((await create()).assembly.resource['service.name']).toBe('unknown_service:node');
});

test('the version named in the resource is the one installed', () => {
  const entry = createRequire(__filename).resolve('@opentelemetry/sdk-trace');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8'));
  expect(SDK_VERSION).toBe(version);
});

test('a trace that the parent does not sample is not exported', async () => {
  const { assembly, requests } = await create();
  const context = trace.setSpanContext(ROOT_CONTEXT, {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: TraceFlags.NONE,
    isRemote: true,
  });
  assembly.tracer.startSpan('unsampled', {}, context).end();
  assembly.tracer.startSpan('sampled').end();
  await assembly.flush(2_000);
  expect([...spanNames(requests).values()]).toEqual(['sampled']);
});

test.each([
  ['always_off', '', 0],
  ['traceidratio', '0', 0],
  ['traceidratio', '1', 10],
  ['parentbased_traceidratio', 'nonsense', 10],
])('sampler %s with argument "%s" keeps %d of 10', async (sampler, argument, kept) => {
  const { assembly, requests } = await create({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument });
  for (let index = 0; index < 10; index++) assembly.tracer.startSpan('s').end();
  await assembly.flush(2_000);
  expect(spanNames(requests).size).toBe(kept);
});

test('a span that started is told before it ends, and a flood of starts is bounded and counted', async () => {
  const { assembly, requests } = await create({ SWARMSCOPE_SPAN_STARTS: 'true' });
  const parent = assembly.tracer.startSpan('parent', { attributes: { early: true } });
  assembly.tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, parent));
  await assembly.flush(2_000);
  const [first, second] = itemsOf(requests, '/v1/logs');
  expect(first?.[12]).toEqual(['swarmscope.span.started']);
  expect(first?.[10]).toEqual([parent.spanContext().spanId]);
  expect(JSON.stringify(first?.[6], (_key, value) => (typeof value === 'bigint' ? Number(value) : value))).toContain('early');
  expect(JSON.stringify(second?.[6], (_key, value) => (typeof value === 'bigint' ? Number(value) : value))).toContain(
    parent.spanContext().spanId,
  );
  for (let index = 0; index < 20_000; index++) assembly.tracer.startSpan('flood');
  expect(assembly.status().counters['span-starts.skipped']).toBeGreaterThan(0);
});

test('with http/json everything goes as JSON, a log as the reference writes it', async () => {
  const { assembly, requests } = await create({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
  assembly.tracer.startSpan('s').end();
  assembly.meter.createCounter('c').add(1);
  const log = {
    eventName: 'e',
    time: 1_795_000_000_123,
    severityNumber: 9,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    attributes: { a: 1 },
  };
  assembly.emitLog(log);
  await assembly.flush(2_000);
  // What became of the span is told once more.
  expect([...new Set(requests.map(({ path, headers }) => `${path} ${headers['content-type']}`))].sort()).toEqual(
    ['/v1/logs', '/v1/metrics', '/v1/traces'].map((path) => `${path} application/json`),
  );
  const body = JSON.parse(requests.find(({ path }) => path === '/v1/logs')!.body.toString());
  const ours = body.resourceLogs[0].scopeLogs[0].logRecords[0];
  const time: [number, number] = [1_795_000_000, 123_000_000];
  const reference = JsonLogsSerializer.serializeRequest([
    {
      hrTime: time,
      hrTimeObserved: time,
      eventName: 'e',
      severityNumber: 9,
      spanContext: { traceId: log.traceId, spanId: log.spanId, traceFlags: 1 },
      attributes: log.attributes,
      droppedAttributesCount: 0,
      resource: { attributes: {} } as never,
      instrumentationScope: { name: 's' },
    },
  ]);
  const theirs = JSON.parse(Buffer.from(reference!).toString()).resourceLogs[0].scopeLogs[0].logRecords[0];
  expect(ours).toMatchObject({
    eventName: theirs.eventName,
    severityNumber: theirs.severityNumber,
    timeUnixNano: theirs.timeUnixNano,
    traceId: theirs.traceId,
    spanId: theirs.spanId,
    flags: theirs.flags,
  });
});

test('an exporter that is off sends nothing and records nothing', async () => {
  const { assembly, requests } = await create({ OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' });
  assembly.tracer.startSpan('s').end();
  assembly.meter.createCounter('c').add(1);
  await assembly.flush(2_000);
  expect(requests).toEqual([]);
  expect(assembly.status().endpoints).toMatchObject({ traces: 'off', metrics: 'off' });
});

test('metrics go to the root where one takes them, else out', async () => {
  const snapshots: MetricSnapshot[] = [];
  let isTaken = true;
  const run: AssemblyOptions['run'] = {
    role: 'root',
    offer: (snapshot) => (snapshots.push(snapshot), isTaken ? undefined : snapshot),
    amend: () => undefined,
    handIn: () => undefined,
    faults: () => undefined,
  };
  const { assembly, requests } = await create({}, { run });
  assembly.meter.createCounter('c').add(2);
  await assembly.flush(2_000);
  expect(requests).toEqual([]);
  expect(snapshots[0]?.metrics).toMatchObject([{ name: 'c', kind: 'counter', points: [{ value: 2 }] }]);
  isTaken = false;
  await assembly.flush(2_000);
  expect(snapshots[1]?.sequence).toBe(2);
  // Its 0 and its value.
  expect(itemsOf(requests, '/v1/metrics')).toHaveLength(2);
});

test('the status file is private, holds no credentials, and old ones are pruned', () => {
  const home = mkdtempSync(join(tmpdir(), 'swarmscope-'));
  const settings = readSettings({ XDG_STATE_HOME: home });
  const folder = join(home, 'swarmscope', 'status');
  const tally = { recorded: 0, sent: 0, dropped: {} };
  const each = <T>(value: T): Record<string, T> => ({ traces: value, metrics: value, logs: value });
  const shape = { endpoints: each('off'), signals: each(tally), observers: {}, counters: {}, problems: [] };
  const status = { version: '1', pid: 1, serviceName: 's', time: 1, ...shape } as never;
  createStatusFile(settings, 'first', () => status).close();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'first.json')).mode & 0o777).toBe(0o600);
  for (let index = 0; index < 260; index++) {
    writeFileSync(join(folder, `old-${index}.json`), JSON.stringify(status));
    utimesSync(join(folder, `old-${index}.json`), 1_000 + index, 1_000 + index);
  }
  writeFileSync(join(folder, 'broken.json'), '{"pid":');
  createStatusFile(settings, 'second', () => status).close();
  expect(readdirSync(folder).length).toBeLessThanOrEqual(201);
  expect(readdirSync(folder)).toContain('second.json');
  expect(readStatusFiles(settings, 3)).toHaveLength(2);
});

test('a status that was written under a clock far ahead is not the newest', () => {
  const settings = readSettings({ XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'swarmscope-')) });
  const tally = { recorded: 0, sent: 0, dropped: {} };
  const each = <T>(value: T): Record<string, T> => ({ traces: value, metrics: value, logs: value });
  const shape = { endpoints: each('off'), signals: each(tally), observers: {}, counters: {}, problems: [] };
  for (const [name, ageMs] of [
    ['ahead', -365 * 86_400_000],
    ['older', 20_000],
    ['newer', 10_000],
  ] as const) {
    createStatusFile(settings, name, () => ({ version: '1', pid: 1, serviceName: name, time: 1, ...shape }) as never).close();
    const at = (Date.now() - ageMs) / 1_000;
    utimesSync(join(statusFolder(settings), `${name}.json`), at, at);
  }
  expect(readStatusFiles(settings).map(({ serviceName }) => serviceName)).toEqual(['newer', 'older', 'ahead']);
});

test('a folder that cannot be written costs nothing', async () => {
  const { assembly } = await create({ XDG_STATE_HOME: '/dev/null/nowhere' });
  assembly.count('anything');
  assembly.tracer.startSpan('s').end();
  await assembly.flush(2_000);
  expect(assembly.status().signals.traces.sent).toBe(1);
});

test('an endpoint is shown without user, password and query', async () => {
  const { assembly } = await create({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:secret@127.0.0.1:9/base' });
  expect(assembly.status().endpoints.traces).toBe('http://127.0.0.1:9/base/v1/traces');
  expect(JSON.stringify(assembly.status())).not.toContain('secret');
});
