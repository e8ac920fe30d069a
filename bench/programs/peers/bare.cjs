// The OpenTelemetry SDK as its documentation sets it up, before the program: what a hand-written span needs.
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');

new NodeSDK({ traceExporter: new OTLPTraceExporter({ url: `${process.env.BENCH_URL}/v1/traces` }), instrumentations: [] }).start();
