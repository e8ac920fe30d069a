/** Every setting: absent, empty, good, bad; and where exports go. */
import { describe, expect, test } from '@jest/globals';
import { exportTarget } from '../../src/config/settings/export-target.ts';
import { readSettings } from '../../src/config/settings/index.ts';
import { table, type SettingName } from '../../src/config/settings/table.ts';

interface Samples {
  good: string;
  value: unknown;
  bad: readonly string[];
}

const url = {
  good: 'https://user.example:4318/base',
  value: 'https://user.example:4318/base',
  bad: ['localhost:4318', 'grpc://x', 'no url'],
};
const absolute = { good: ' /some/where ', value: '/some/where', bad: ['some/where', './here', '~/there'] };
const path = { good: ' /some/where ', value: '/some/where', bad: [] };
const flag = { good: 'TRUE', value: true, bad: ['yes', '2', 'maybe'] };
const words = { good: 'a, b ,,c', value: ['a', 'b', 'c'], bad: [] };
const pairs = { good: 'a=1, b=x%20y', value: { a: '1', b: 'x y' }, bad: ['novalue', '=x', 'a=%'] };
const protocol = { good: 'HTTP/JSON', value: 'http/json', bad: ['grpc', 'http', 'json'] };
const exporter = { good: 'none', value: ['none'], bad: ['console', 'otlp,zipkin', ','] };
const whole = (min: number, max: number): Samples => ({
  good: String(max),
  value: max,
  bad: [String(min - 1), String(max + 1), '1.5', '10s', 'NaN', '0x10'],
});

const samples: Readonly<Record<SettingName, Samples>> = {
  sdkDisabled: flag,
  estimatesTokens: flag,
  serverSpans: flag,
  serviceName: path,
  resourceAttributes: pairs,
  endpoint: url,
  tracesEndpoint: url,
  metricsEndpoint: url,
  logsEndpoint: url,
  headers: pairs,
  tracesHeaders: pairs,
  metricsHeaders: pairs,
  logsHeaders: pairs,
  protocol,
  tracesProtocol: protocol,
  metricsProtocol: protocol,
  logsProtocol: protocol,
  timeoutMs: whole(1, 600_000),
  compression: { good: 'gzip', value: 'gzip', bad: ['brotli', 'gz'] },
  certificate: path,
  clientCertificate: path,
  clientKey: path,
  tracesExporter: exporter,
  metricsExporter: exporter,
  logsExporter: exporter,
  sampler: { good: 'TraceIdRatio', value: 'traceidratio', bad: ['always', 'jaeger_remote'] },
  samplerArgument: { good: '0.25', value: '0.25', bad: ['1.01', '-0.1', 'half', '0x1'] },
  flushDelayMs: whole(1, 600_000),
  exportTimeoutMs: whole(1, 600_000),
  metricIntervalMs: whole(100, 3_600_000),
  metricTemporality: { good: 'DELTA', value: 'delta', bad: ['deltas', 'low'] },
  propagators: words,
  logLevel: { good: 'Debug', value: 'debug', bad: ['loud'] },
  captureContent: { good: 'span_and_event', value: 'both', bad: ['yes', 'everything'] },
  contentMask: path,
  disabled: flag,
  ownEndpoint: url,
  exportUrl: url,
  runId: path,
  runName: path,
  runFolder: path,
  observersOff: words,
  budgets: words,
  work: { good: 'worker=w-1,task=a%2Cb', value: { worker: 'w-1', task: 'a,b' }, bad: ['worker', 'worker=%'] },
  llmServices: {
    good: 'llm.example=@example, *.corp.example:8443/ai=openai-chat@corp, 10.0.0.7/x=anthropic-messages',
    value: { 'llm.example': '@example', '*.corp.example:8443/ai': 'openai-chat@corp', '10.0.0.7/x': 'anthropic-messages' },
    bad: ['llm.example', 'https://llm.example=openai-chat', 'llm.example=Open AI', 'a b=openai-chat'],
  },
  childEnvironmentOff: words,
  shims: words,
  agents: flag,
  gateway: flag,
  gatewayOff: words,
  gatewayTheirs: path,
  spanStarts: flag,
  processTree: flag,
  sessionFiles: flag,
  silentAfterMs: whole(1_000, 86_400_000),
  traceScope: { good: 'task', value: 'task', bad: ['trace', 'none'] },
  exitTimeoutMs: whole(0, 60_000),
  spoolMaxBytes: whole(0, 1_073_741_824),
  spoolMaxAgeMs: whole(1_000, 2_592_000_000),
  findings: pairs,
  notifyTimeoutMs: whole(100, 600_000),
  queueMaxBytes: whole(65_536, 1_073_741_824),
  gpu: { good: 'off', value: 'off', bad: ['on', 'cuda'] },
  gpuIntervalMs: whole(200, 3_600_000),
  modelServers: words,
  hostMetrics: { good: 'off', value: false, bad: ['maybe'] },
  pricesFile: path,
  cacheFolder: absolute,
  stateFolder: absolute,
  dataFolder: absolute,
};

describe.each(Object.keys(table) as SettingName[])('%s', (name) => {
  const { env, fallback } = table[name];
  const { good, value, bad } = samples[name];

  test('absent and empty mean the default, without a word', () => {
    for (const environment of [{}, { [env]: '' }, { [env]: '  ' }]) {
      const settings = readSettings(environment);
      expect(settings[name]).toEqual(fallback);
      expect(settings.given.has(name)).toBe(false);
      expect(settings.problems).toEqual([]);
    }
  });

  test('a good value is used', () => {
    const settings = readSettings({ [env]: good });
    expect(settings[name]).toEqual(value);
    expect(settings.given.has(name)).toBe(true);
    expect(settings.problems).toEqual([]);
  });

  test('a bad value is told, with what was expected and what came, and the default is used', () => {
    for (const text of bad) {
      const settings = readSettings({ [env]: text });
      expect(settings[name]).toEqual(fallback);
      expect(settings.given.has(name)).toBe(false);
      const received = env.includes('HEADERS') ? '(hidden)' : text;
      expect(settings.problems).toEqual([{ env, expected: expect.stringMatching(/\w{3}/), received }]);
    }
  });
});

test('limits hold at the last accepted and the first rejected value', () => {
  expect(readSettings({ SWARMSCOPE_EXIT_TIMEOUT: '0' }).exitTimeoutMs).toBe(0);
  expect(readSettings({ SWARMSCOPE_EXIT_TIMEOUT: '-1' }).exitTimeoutMs).toBe(1_000);
  expect(readSettings({ OTEL_TRACES_SAMPLER_ARG: '1' }).samplerArgument).toBe('1');
  expect(readSettings({ OTEL_TRACES_SAMPLER_ARG: '1.0001' }).samplerArgument).toBe('');
});

test('a misspelt setting of ours is told, a variable of others is not', () => {
  expect(
    readSettings({
      SWARMSCOPE_ENDPIONT: 'http://x',
      SWARMSCOPE_CLOCK: '1',
      SWARMSCOPE_TRACEPARENT: '00',
      OTEL_SOMETHING: '1',
      PATH: '/bin',
    }).problems,
  ).toMatchObject([{ env: 'SWARMSCOPE_ENDPIONT' }]);
});

test('a password in a rejected URL is not repeated, nor is any header', () => {
  const text = JSON.stringify(
    readSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'htp://me:hunter2@host', OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' }).problems,
  );
  expect(text).not.toContain('hunter2');
  expect(text).toContain('//***@host');
});

test('gRPC asked for is a problem that says what is used instead', () => {
  const settings = readSettings({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
  expect(settings.problems).toEqual([
    { env: 'OTEL_EXPORTER_OTLP_PROTOCOL', expected: expect.stringContaining('http/protobuf is used'), received: 'grpc' },
  ]);
  expect(exportTarget(settings, 'traces').protocol).toBe('http/protobuf');
});

test('names that objects have by themselves are no settings and no headers', () => {
  const { headers } = readSettings({ OTEL_EXPORTER_OTLP_HEADERS: '__proto__=x,constructor=y' });
  expect(Object.keys(headers)).toEqual(['constructor']);
  expect(readSettings({ OTEL_LOG_LEVEL: 'constructor' }).problems).toHaveLength(1);
});

describe('where a signal goes', () => {
  const targetOf = (environment: Record<string, string>, signal: 'traces' | 'metrics' | 'logs' = 'traces') =>
    exportTarget(readSettings(environment), signal);

  test.each([
    [{}, 'http://localhost:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://a.example' }, 'https://a.example/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://a.example/base//' }, 'https://a.example/base/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://a.example/base?key=1' }, 'https://a.example/base/v1/traces?key=1'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://a.example', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b.example/in' },
      'http://b.example/in',
    ],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b.example/in', SWARMSCOPE_ENDPOINT: 'http://127.0.0.1:9' },
      'http://127.0.0.1:9/v1/traces',
    ],
  ])('%j', (environment, expected) => {
    expect(targetOf(environment).url).toBe(expected);
  });

  test("a signal's own protocol and headers win, for this signal alone", () => {
    const environment = {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=1',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'b=2',
    };
    expect(targetOf(environment, 'metrics')).toMatchObject({ protocol: 'http/protobuf', headers: { a: '1', b: '2' } });
    expect(targetOf(environment, 'logs')).toMatchObject({ protocol: 'http/json', headers: { a: '1', b: '1' } });
  });

  test("none turns one signal off; under swarmscope run nothing is off and the user's headers stay at home", () => {
    const off = { OTEL_LOGS_EXPORTER: 'none', OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret' };
    expect([targetOf(off, 'logs').isOff, targetOf(off, 'traces').isOff]).toEqual([true, false]);
    expect(targetOf({ ...off, SWARMSCOPE_ENDPOINT: 'http://127.0.0.1:9' }, 'logs')).toMatchObject({ isOff: false, headers: {} });
  });
});
