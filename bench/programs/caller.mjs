// Makes LLM calls with the real SDK when told to, and tells the CPU it has used so far. `BENCH_BARE` adds a
// hand-written span to each.
import OpenAI from 'openai';

const url = process.env.BENCH_URL;
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'bench', maxRetries: 0 });
const messages = [{ role: 'user', content: 'How do swarms of agents divide their work? '.repeat(20) }];
const record = process.env.BENCH_BARE === '1' ? await bareRecorder() : (name, fn) => fn(undefined);

async function call(isStream) {
  return record('chat gpt-4o', async (span) => {
    const body = { model: 'gpt-4o', messages, temperature: 0.2, max_tokens: 500 };
    if (!isStream) return describe(span, await client.chat.completions.create(body));
    let last;
    for await (const chunk of await client.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } }))
      last = chunk;
    return describe(span, last);
  });
}

function describe(span, answer) {
  span?.setAttributes({
    'gen_ai.response.model': answer.model,
    'gen_ai.response.id': answer.id,
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.input_tokens': answer.usage.prompt_tokens,
    'gen_ai.usage.output_tokens': answer.usage.completion_tokens,
    'gen_ai.usage.cache_read.input_tokens': answer.usage.prompt_tokens_details.cached_tokens,
    'http.response.status_code': 200,
  });
}

/** The OpenTelemetry SDK as its documentation sets it up: batch processor, OTLP/HTTP JSON. */
async function bareRecorder() {
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { trace, SpanKind } = await import('@opentelemetry/api');
  const sdk = new NodeSDK({ traceExporter: new OTLPTraceExporter({ url: `${url}/v1/traces` }), instrumentations: [] });
  sdk.start();
  const tracer = trace.getTracer('bare');
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.request.temperature': 0.2,
    'gen_ai.request.max_tokens': 500,
    'gen_ai.output.type': 'text',
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(url).port),
  };
  return (name, fn) =>
    tracer.startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      try {
        return await fn(span);
      } finally {
        span.end();
      }
    });
}

process.on('message', async ({ kind, count, lanes }) => {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await call(kind === 'stream');
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const { user, system } = process.cpuUsage();
  process.send({ cpuUs: user + system });
});
process.send({ isReady: true });
