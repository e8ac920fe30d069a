// How an app starts its own SDK, of each time: one script per project, which exports `start` and `stop`.
import type { SdkProject } from './install.ts';

/** The first SDK: a tracer provider, put together by hand. */
const BY_HAND = `
const { NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');
const { BatchSpanProcessor } = require('@opentelemetry/sdk-trace-base');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
let provider;
exports.start = () => {
  provider = new NodeTracerProvider();
  provider.addSpanProcessor(new BatchSpanProcessor(new OTLPTraceExporter({ url: process.env.APP_URL + '/v1/traces' })));
  provider.register();
};
exports.stop = () => provider.shutdown();
`;

const nodeSdk = (hasLogs: boolean): string => `
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
const { OTLPMetricExporter } = require('@opentelemetry/exporter-metrics-otlp-http');
const { PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics');
let sdk;
exports.start = (more = {}) => {
  const url = (signal) => process.env.APP_URL + '/v1/' + signal;
  const metricReader = new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: url('metrics') }), exportIntervalMillis: 60_000 });
  ${
    hasLogs
      ? `const { BatchLogRecordProcessor } = require('@opentelemetry/sdk-logs');
  const { OTLPLogExporter } = require('@opentelemetry/exporter-logs-otlp-http');
  const exporter = new OTLPLogExporter({ url: url('logs') });
  more = { logRecordProcessors: [process.env.APP_SDK === 'sdk-3' ? new BatchLogRecordProcessor({ exporter }) : new BatchLogRecordProcessor(exporter)], ...more };`
      : ''
  }
  sdk = new NodeSDK({ serviceName: 'app', traceExporter: new OTLPTraceExporter({ url: url('traces') }), ...(process.env.APP_SDK === 'sdk-3' ? { metricReaders: [metricReader] } : { metricReader }), ...more });
  sdk.start();
};
// The first readers of metrics do not collect at their end.
exports.stop = () => Promise.resolve(require('@opentelemetry/api').metrics.getMeterProvider().forceFlush?.()).then(() => sdk.shutdown());
`;

export const SDKS: Readonly<
  Record<SdkProject, { readonly script: string; readonly hasMetrics: boolean; readonly logs: string | undefined }>
> = {
  'api-1.0': { script: BY_HAND, hasMetrics: false, logs: undefined },
  'sdk-1': { script: nodeSdk(false), hasMetrics: true, logs: undefined },
  'sdk-1-last': { script: nodeSdk(false), hasMetrics: true, logs: undefined },
  'sdk-2': { script: nodeSdk(true), hasMetrics: true, logs: '@opentelemetry/api-logs' },
  'sdk-3': { script: nodeSdk(true), hasMetrics: true, logs: '@opentelemetry/api' },
};
