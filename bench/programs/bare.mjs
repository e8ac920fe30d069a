// What somebody writes by hand with the OpenTelemetry SDK to see an LLM call: one span of 15 attributes.

/** Runs a function inside such a span, by the SDK that `peers/bare.cjs` has set up. */
export async function bareRecorder(url) {
  const { trace, SpanKind } = await import('@opentelemetry/api');
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

export function describe(span, answer) {
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
