// The instrumentations that BESIDE names, by commas.
const MADE_BY = {
  http: () => new (require('@opentelemetry/instrumentation-http').HttpInstrumentation)(),
  undici: () => new (require('@opentelemetry/instrumentation-undici').UndiciInstrumentation)(),
  'otel-openai': () => new (require('@opentelemetry/instrumentation-openai').OpenAIInstrumentation)(),
  'traceloop-openai': () => new (require('@traceloop/instrumentation-openai').OpenAIInstrumentation)({ traceContent: false }),
  'openinference-openai': () => new (require('@arizeai/openinference-instrumentation-openai').OpenAIInstrumentation)(),
  'traceloop-anthropic': () => new (require('@traceloop/instrumentation-anthropic').AnthropicInstrumentation)({ traceContent: false }),
  'openinference-anthropic': () => new (require('@arizeai/openinference-instrumentation-anthropic').AnthropicInstrumentation)(),
  'traceloop-langchain': () => new (require('@traceloop/instrumentation-langchain').LangChainInstrumentation)({ traceContent: false }),
};

exports.beside = () => {
  const { metrics } = require('@opentelemetry/api');
  const made = (process.env.BESIDE ?? '').split(',').flatMap((name) => (name === '' ? [] : [MADE_BY[name]()]));
  // Version 0.22 of OpenTelemetry's instrumentation of openai throws at the first stream without this.
  for (const each of made) each.setMeterProvider(metrics.getMeterProvider());
  return made;
};
