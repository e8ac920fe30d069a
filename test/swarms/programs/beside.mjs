// One call of a model, and what readers in the kernel would tell of it, in their documented form: `beside.mjs PID_OF_ANOTHER`.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

const base = process.env.OPENAI_BASE_URL;
const startMs = Date.now();
const answer = await fetch(`${base}/chat/completions`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
  body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'worker k1: ask' }] }),
});
const { id, model, usage } = await answer.json();
const endMs = Date.now();

const value = (any) =>
  typeof any === 'number'
    ? { intValue: String(any) }
    : Array.isArray(any)
      ? { arrayValue: { values: any.map(value) } }
      : { stringValue: any };
const attributes = (facts) => Object.entries(facts).map(([key, any]) => ({ key, value: value(any) }));
const facts = {
  'gen_ai.request.model': model,
  'gen_ai.response.model': model,
  'gen_ai.response.id': id,
  'gen_ai.usage.input_tokens': usage.prompt_tokens,
  'gen_ai.usage.output_tokens': usage.completion_tokens,
  'gen_ai.response.finish_reasons': ['stop'],
  'server.address': new URL(base).hostname,
};
const span = (more) => ({
  traceId: randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
  name: `chat ${model}`,
  kind: 3,
  startTimeUnixNano: `${startMs}000000`,
  endTimeUnixNano: `${endMs}000000`,
  attributes: attributes({ ...facts, ...more }),
});
const obi = (pid) => ({
  resource: {
    attributes: attributes({
      'service.name': 'node',
      'service.instance.id': `${hostname()}:${pid}`,
      'otel.scope.name': 'go.opentelemetry.io/obi',
    }),
  },
  scopeSpans: [{ scope: {}, spans: [span({ 'gen_ai.operation.name': 'chat.completion', 'http.request.method': 'POST' })] }],
});
const agentsight = {
  resource: { attributes: attributes({ 'service.name': 'agentsight' }) },
  scopeSpans: [{ scope: { name: 'agentsight' }, spans: [span({ 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai' })] }],
};
const sent = await fetch(`${process.env.SWARMSCOPE_ENDPOINT}/v1/traces`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ resourceSpans: [obi(process.pid), obi(Number(process.argv[2])), agentsight] }),
});
console.log(sent.status);
