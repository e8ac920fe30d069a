// The app's own SDK, which exports to APP_URL; under `swarmscope run` where that sends, with everything else.
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');

let sdk;
exports.start = (instrumentations) => {
  const url = `${process.env.APP_URL ?? process.env.SWARMSCOPE_ENDPOINT}/v1/traces`;
  sdk = new NodeSDK({
    serviceName: 'app',
    traceExporter: new OTLPTraceExporter({ url }),
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations,
  });
  sdk.start();
};
exports.stop = () => sdk?.shutdown();

// Loaded by --require.
if (process.env.SDK_AT === 'require') exports.start(require('./beside.cjs').beside());
