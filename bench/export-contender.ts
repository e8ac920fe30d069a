/** One contender of the export bench: records a burst in a process of its own and prints what it cost. */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Tracer } from '@opentelemetry/api';
import { readSettings } from '../src/config/settings/index.ts';
import { createSupervisorAssembly } from '../src/sdk/assembly.ts';

const [name = 'ours', countText = '200000', url = ''] = process.argv.slice(2);
const SPANS_PER_TURN = 500;

interface Contender {
  tracer: Pick<Tracer, 'startSpan'>;
  finish(): Promise<unknown>;
}

const contenders: Record<string, () => Contender> = {
  ours() {
    const assembly = createSupervisorAssembly({
      settings: readSettings({ ...process.env, SWARMSCOPE_ENDPOINT: url }),
      version: '0.0.0-bench',
    });
    return { tracer: assembly.tracer, finish: () => assembly.flush(60_000) };
  },
  stock() {
    const processor = new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${url}/v1/traces` }) });
    return { tracer: new TracerProvider({ spanProcessors: [processor] }).getTracer('bench'), finish: () => processor.shutdown() };
  },
};

function attributes(index: number): Record<string, string | number> {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.response.model': 'gpt-5-mini-2025-08-07',
    'gen_ai.response.id': `chatcmpl-${index}`,
    'gen_ai.usage.input_tokens': 1_200 + (index % 50),
    'gen_ai.usage.output_tokens': 300 + (index % 7),
    'gen_ai.request.temperature': 0.7,
    'gen_ai.request.max_tokens': 1_024,
    'gen_ai.agent.name': `worker-${index % 8}`,
    'server.address': 'api.openai.com',
    'server.port': 443,
    'swarmscope.task.id': `task-${index >> 3}`,
    'swarmscope.task.type': 'implement',
    'gen_ai.conversation.id': `conversation-${index >> 5}`,
  };
}

const make = contenders[name];
if (make === undefined) throw new Error(`no contender ${name}`);
const contender = make();
const { tracer } = contender;
const count = Number(countText);
const cpu = process.cpuUsage();
const start = performance.now();
let peakRss = 0;
for (let index = 0; index < count; index++) {
  tracer.startSpan('chat gpt-5-mini', { attributes: attributes(index) }).end();
  if (index % SPANS_PER_TURN === SPANS_PER_TURN - 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (index % 10_000 === 9_999) peakRss = Math.max(peakRss, process.memoryUsage.rss());
  }
}
const recordedMs = performance.now() - start;
await contender.finish();
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(
  JSON.stringify({ name, recordedMs, wallMs: performance.now() - start, cpuMs: (user + system) / 1000, peakRssMb: peakRss / 1e6 }),
);
