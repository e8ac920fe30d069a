// The demo swarm, as `npm start` runs it, handing on what its receiver gets to the collector of a stack.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunData, SpanRow } from '../../../src/analysis/model.ts';
import type { JsonReport } from '../../../src/cli/report/json.ts';
import { METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS } from '../../../src/semconv/index.ts';
import { readRun, runPath } from '../../../src/viewer/store/index.ts';
import { ensureBuilt } from '../ensure-built.ts';
import { commandFile, repository } from '../paths.ts';
import { freshFolder, startProgram } from '../run-program.ts';
import type { Stack } from './stack.ts';

export interface DemoOptions {
  /** `service.name`; default: what the run's processes are called without a setting. */
  readonly service?: string;
  /**
   * How much faster than real ones the models answer; default 1, which takes about 38 s, 12 takes about 15 s. What is
   * said and done is the same.
   */
  readonly speed?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Demo {
  readonly runId: string;
  /** Of the one trace of the run. */
  readonly traceId: string;
  /** The run as the embedded receiver stored it: what Tempo and Prometheus must hold as well. */
  readonly storePath: string;
  readonly data: RunData;
  readonly report: JsonReport;
  readonly service: string;
}

/** On a loaded machine several times its usual time. */
export const DEMO_LIMIT_MS = 300_000;
export const demoFile = join(repository, 'examples/swarm/main.mjs');

/**
 * Resolves when the run is over and Tempo has every span of it and Prometheus its last point. Throws when the demo
 * fails.
 */
export async function demoInStack(stack: Stack, { service, speed = 1, env = {} }: DemoOptions = {}): Promise<Demo> {
  ensureBuilt();
  const folder = freshFolder('demo');
  const reportFile = join(folder, 'report.json');
  const program = startProgram({
    preload: 'none',
    command: process.execPath,
    args: [commandFile, 'run', '--name', 'demo', '--json', reportFile, '--', process.execPath, demoFile],
    env: {
      SWARMSCOPE_EXPORT: stack.endpoint,
      SWARM_SPEED: String(speed),
      ...(service === undefined ? {} : { OTEL_SERVICE_NAME: service }),
      ...env,
    },
    timeoutMs: DEMO_LIMIT_MS,
  });
  const { code, stderr } = await program.finished;
  if (code !== 0) throw new Error(`the demo ended with ${code}: ${stderr.slice(-5_000)}`);
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as JsonReport;
  const dataFolder = join(program.home, '.local/share/swarmscope');
  const data = readRun(dataFolder, report.run.id);
  const [first] = data.spans;
  if (first === undefined) throw new Error(`the store of the demo has no span: ${stderr.slice(-5_000)}`);
  const demo: Demo = {
    runId: report.run.id,
    traceId: first.traceId,
    storePath: runPath(dataFolder, report.run.id),
    data,
    report,
    service: first.serviceName,
  };
  // What the run itself warned of at its end explains what is missing.
  const warned = (stderr.match(/^swarmscope: .*$/gm) ?? []).join(' ');
  let missing: readonly SpanRow[] = [];
  try {
    await stack.until(`Tempo has every span of the demo. ${warned}`, async () => {
      const known = new Set((await stack.trace(demo.traceId))?.map(({ spanId }) => spanId));
      missing = data.spans.filter(({ spanId }) => !known.has(spanId));
      return missing.length === 0 ? true : undefined;
    });
  } catch (error) {
    const some = missing.slice(0, 5).map(({ name, traceId, scopeName }) => `${name} of ${scopeName} in ${traceId}`);
    throw new Error(`${missing.length} of ${data.spans.length} spans are missing in ${demo.traceId}: ${some.join(', ')}`, { cause: error });
  }
  await stack.until(`Prometheus has the tokens of the demo. ${warned}`, async () => {
    const { prometheus } = METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS;
    const [sum] = await stack.query(`sum(${prometheus}{service_name="${demo.service}"})`);
    return (sum?.value ?? 0) >= (report.usage.tokens.input ?? 0) ? true : undefined;
  });
  return demo;
}
