/** What every program of a run is told by its environment: each row by itself, and what the user's own values change. */
import { createServer, type AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { hasCollector } from '../../../src/config/run-environment/collector.ts';
import { RUN_VARIABLES, runEnvironment, setUpInFiles } from '../../../src/config/run-environment/index.ts';
import { readSettings } from '../../../src/config/settings/index.ts';
import { freshFolder } from '../../harness/run-program.ts';

const ENDPOINT = 'http://127.0.0.1:4000/KEY';
type Facts = Parameters<typeof runEnvironment>[0];

const told = (theirs: Record<string, string> = {}, more: Partial<Facts> = {}) =>
  runEnvironment({
    theirs,
    endpoint: ENDPOINT,
    knowsOwners: true,
    hasCollector: false,
    agents: true,
    setUpInFiles: new Set(),
    off: [],
    ...more,
  });

const EXPECTED: Readonly<Record<string, string>> = {
  CLAUDE_CODE_ENABLE_TELEMETRY: '1',
  ENABLE_BETA_TRACING_DETAILED: '1',
  BETA_TRACING_ENDPOINT: ENDPOINT,
  CLAUDE_CODE_PROPAGATE_TRACEPARENT: '1',
  GEMINI_TELEMETRY_ENABLED: 'true',
  GEMINI_TELEMETRY_TARGET: 'local',
  GEMINI_TELEMETRY_OTLP_ENDPOINT: ENDPOINT,
  GEMINI_TELEMETRY_OTLP_PROTOCOL: 'http',
  GEMINI_TELEMETRY_LOG_PROMPTS: 'false',
  GEMINI_TELEMETRY_TRACES_ENABLED: 'true',
  QWEN_TELEMETRY_ENABLED: 'true',
  QWEN_TELEMETRY_TARGET: 'local',
  QWEN_TELEMETRY_OTLP_ENDPOINT: ENDPOINT,
  QWEN_TELEMETRY_OTLP_PROTOCOL: 'http',
  QWEN_TELEMETRY_LOG_PROMPTS: 'false',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4000',
  MLFLOW_ENABLE_DUAL_EXPORT: 'true',
};

test('everything is told where the user has set nothing', () => {
  expect(told()).toEqual({ variables: EXPECTED, left: [] });
});

test('no variable is told that would break programs with one exporter, or rename everything', () => {
  expect(RUN_VARIABLES.filter((name) => /PROTOCOL$|_EXPORTER$|SERVICE_NAME|RESOURCE_ATTRIBUTES/.test(name)).sort()).toEqual([
    'GEMINI_TELEMETRY_OTLP_PROTOCOL',
    'QWEN_TELEMETRY_OTLP_PROTOCOL',
  ]);
});

describe('each row', () => {
  test.each(Object.keys(EXPECTED))('%s has a switch, and a value of the user stays', (name) => {
    expect(told({}, { off: [name] }).variables).toEqual(Object.fromEntries(Object.entries(EXPECTED).filter(([other]) => other !== name)));
    const own = told({ [name]: 'https://mine.example' });
    expect(own.variables).not.toHaveProperty([name]);
    expect(own.left).toContainEqual({ name, because: 'chosen' });
  });

  test.each(Object.entries(EXPECTED))('%s is not said to be left where the user has the same value', (name, value) => {
    expect(told({ [name]: value }).left.map((each) => each.name)).not.toContain(name);
  });
});

test('agents are left alone where their telemetry is off, and programs with an SDK are told all the same', () => {
  expect(Object.keys(told({}, { agents: false }).variables)).toEqual(['OTEL_EXPORTER_OTLP_ENDPOINT', 'MLFLOW_ENABLE_DUAL_EXPORT']);
});

test('where the owner of a connection cannot be known, the key goes with the address', () => {
  expect(told({}, { knowsOwners: false }).variables['OTEL_EXPORTER_OTLP_ENDPOINT']).toBe(ENDPOINT);
});

test.each([
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'https://mine.example'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'a=b'],
  ['OTEL_METRICS_EXPORTER', 'console'],
  ['OTEL_SDK_DISABLED', 'true'],
])('%s of the user keeps the address of all programs as it is', (name, value) => {
  const { variables, left } = told({ [name]: value });
  expect(variables).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT');
  expect(left.filter(({ because }) => because === 'exporter').map((each) => each.name)).toEqual([
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'MLFLOW_ENABLE_DUAL_EXPORT',
  ]);
  // The agents' own switches go with none of these.
  expect(variables).toMatchObject({ BETA_TRACING_ENDPOINT: ENDPOINT, GEMINI_TELEMETRY_ENABLED: 'true' });
});

test('a collector on this machine stays the one that programs send to', () => {
  const { variables, left } = told({}, { hasCollector: true });
  expect(variables).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT');
  expect(left).toContainEqual({ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', because: 'collector' });
});

test('whether a collector listens is asked of its ports', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await hasCollector([1, port])).toBe(true);
  await new Promise((resolve) => server.close(resolve));
  expect(await hasCollector([1, port])).toBe(false);
});

test('an agent that the user has set up is left as it is, by variables and by its own files', () => {
  const byVariables = told({ CLAUDE_CODE_ENABLE_TELEMETRY: '1', OTEL_EXPORTER_OTLP_ENDPOINT: 'https://mine.example' });
  expect(byVariables.left).toContainEqual({ name: 'BETA_TRACING_ENDPOINT', because: 'set-up' });
  expect(byVariables.variables).not.toHaveProperty('BETA_TRACING_ENDPOINT');
  // The switch alone sends nowhere.
  expect(told({ CLAUDE_CODE_ENABLE_TELEMETRY: '1' }).variables).toMatchObject({ BETA_TRACING_ENDPOINT: ENDPOINT });
  expect(told({ GEMINI_TELEMETRY_TARGET: 'gcp' }).variables).not.toHaveProperty('GEMINI_TELEMETRY_ENABLED');

  const home = freshFolder('home');
  expect(setUpInFiles(home)).toEqual(new Set());
  for (const [file, text] of Object.entries({
    '.claude/settings.json': '{"env": {"CLAUDE_CODE_ENABLE_TELEMETRY": "1"}}',
    '.gemini/settings.json': '{"telemetry": {"enabled": true}}',
    '.qwen/settings.json': '{"theme": "dark"}',
  })) {
    mkdirSync(join(home, file, '..'), { recursive: true });
    writeFileSync(join(home, file), text);
  }
  const files = setUpInFiles(home);
  expect(files).toEqual(new Set(['claude', 'gemini']));
  const byFiles = told({}, { setUpInFiles: files }).variables;
  expect(Object.keys(byFiles).filter((name) => /CLAUDE|BETA|GEMINI/.test(name))).toEqual([]);
  expect(byFiles).toMatchObject({ QWEN_TELEMETRY_ENABLED: 'true' });
});

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['no proxy', {}, {}],
  ['a proxy', { HTTPS_PROXY: 'http://proxy:3128' }, { NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost' }],
  ['exceptions of the user', { http_proxy: 'x', no_proxy: 'a.example, localhost' }, { no_proxy: 'a.example,localhost,127.0.0.1' }],
  ['exceptions in capitals', { ALL_PROXY: 'x', NO_PROXY: 'a.example' }, { NO_PROXY: 'a.example,127.0.0.1,localhost' }],
  ['no proxy for anything', { ALL_PROXY: 'x', NO_PROXY: '*' }, {}],
  ['exceptions that are there', { ALL_PROXY: 'x', NO_PROXY: '127.0.0.1,localhost' }, {}],
])('this machine is reached past a proxy: %s', (_title, theirs, expected) => {
  const { variables, left } = told(theirs);
  expect(Object.fromEntries(Object.entries(variables).filter(([name]) => /^no_proxy$/i.test(name)))).toEqual(expected);
  expect(left).toEqual([]);
  expect(told(theirs, { off: ['NO_PROXY', 'no_proxy'] }).variables).toEqual(EXPECTED);
});

test('a run within a run tells its own address, and so does the inner one with the switches that the outer one has set', () => {
  const outer = { ...EXPECTED, SWARMSCOPE_ENDPOINT: ENDPOINT };
  const { variables, left } = told(outer, { endpoint: 'http://127.0.0.1:5000/OTHER' });
  expect(left).toEqual([]);
  expect({ ...outer, ...variables }).toMatchObject({
    BETA_TRACING_ENDPOINT: 'http://127.0.0.1:5000/OTHER',
    GEMINI_TELEMETRY_OTLP_ENDPOINT: 'http://127.0.0.1:5000/OTHER',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:5000',
  });
});

test('the address that a run tells everybody is no endpoint of the user for a process of it', () => {
  const inRun = readSettings({ SWARMSCOPE_ENDPOINT: ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4000' });
  expect([inRun.given.has('endpoint'), inRun.endpoint]).toEqual([false, 'http://localhost:4318']);
  const other = readSettings({ SWARMSCOPE_ENDPOINT: ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4001' });
  expect([other.given.has('endpoint'), other.endpoint]).toEqual([true, 'http://127.0.0.1:4001']);
});
