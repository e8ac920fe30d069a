/** The environment variables that a started Claude Code gains, so that its own telemetry reaches the run. */
import { expect, test } from '@jest/globals';
import { readSettings } from '../../../src/config/settings/index.ts';
import { childEnvironment, type ChildFacts } from '../../../src/observers/child-process/environment.ts';

const underRun = { SWARMSCOPE_ENDPOINT: 'http://127.0.0.1:4000', SWARMSCOPE_AGENTS: 'on' };

function gained(theirs: Record<string, string>, more: Partial<ChildFacts> = {}): Record<string, string> {
  return childEnvironment({
    theirs,
    started: {},
    carrier: { TRACEPARENT: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    run: {},
    preload: undefined,
    agentName: 'claude',
    settings: readSettings({ ...underRun }),
    ...more,
  });
}

test('its telemetry is switched on, joins the trace and goes to the receiver of the run', () => {
  expect(gained({})).toMatchObject({
    TRACEPARENT: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1',
    CLAUDE_CODE_PROPAGATE_TRACEPARENT: '1',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4000/v1/traces',
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://127.0.0.1:4000/v1/metrics',
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://127.0.0.1:4000/v1/logs',
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
  });
});

test('the endpoint of the app keeps its value, and under a run Claude sends to the receiver instead', () => {
  const added = gained({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://app.example', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
  expect(added).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT');
  expect(added).not.toHaveProperty('OTEL_EXPORTER_OTLP_PROTOCOL');
  expect(added['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']).toBe('http://127.0.0.1:4000/v1/traces');
});

test('telemetry that the user has set up is left as it is', () => {
  const added = gained({ CLAUDE_CODE_ENABLE_TELEMETRY: '1', OTEL_EXPORTER_OTLP_ENDPOINT: 'https://user.example' });
  expect(Object.keys(added).filter((name) => /^(?:OTEL|CLAUDE)_/.test(name))).toEqual([]);
});

test('a Claude that another Claude starts, and that inherits the switch without a target, is set up like the first', () => {
  expect(gained({ CLAUDE_CODE_ENABLE_TELEMETRY: '1' })).toMatchObject({
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4000/v1/traces',
  });
});

test.each<[string, Partial<ChildFacts>]>([
  ['a program that is no claude', { agentName: undefined }],
  ['a claude outside of a run', { settings: readSettings({}) }],
])('%s gains no variables for telemetry', (_title, more) => {
  expect(Object.keys(gained({}, more)).filter((name) => /^(?:OTEL|CLAUDE)_/.test(name))).toEqual([]);
});

test('what the root of the run told everybody is no choice of the user, and gives way to what interactive sessions know', () => {
  const told = {
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    ENABLE_BETA_TRACING_DETAILED: '1',
    BETA_TRACING_ENDPOINT: 'http://127.0.0.1:4000/KEY',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4000',
  };
  expect(gained(told)).toMatchObject({
    ENABLE_BETA_TRACING_DETAILED: '',
    BETA_TRACING_ENDPOINT: '',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4000/v1/traces',
  });
  expect(gained({ ...told, BETA_TRACING_ENDPOINT: 'https://user.example' })).not.toHaveProperty('BETA_TRACING_ENDPOINT');
  expect(gained(told, { agentName: 'codex' })).not.toHaveProperty('BETA_TRACING_ENDPOINT');
});
