/**
 * Pieces that the programs under test share: text that goes into their source, and the environment that points them at
 * a sink.
 */
import { join } from 'node:path';
import type { LogRow, SpanRow } from '../../src/analysis/model.ts';
import type { MetricPointRow } from '../../src/viewer/receive/rows/index.ts';
import {
  commandFile,
  dist,
  ensureBuilt,
  runProgram,
  startSink,
  type ProgramOptions,
  type ProgramResult,
  type Sink,
} from '../harness/index.ts';
import { logsOf, metricPointsOf, spansOf } from '../harness/received.ts';

// The harness builds for a preload; here the command and the API door are needed too.
ensureBuilt();

/** The built API door, as a string literal for `require` in a program. */
export const api = JSON.stringify(join(dist, 'index.cjs'));
/** The same for `import`. */
export const apiModule = JSON.stringify(join(dist, 'index.mjs'));

export function endpointOf(sink: Pick<Sink, 'url'>): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
}

/** A loaded test machine may need more than the default second to send what is left. */
export const patient = { SWARMSCOPE_EXIT_TIMEOUT: '10000' };

/** All that a sink was sent, decompressed, as one searchable text. */
export function bytesOf(sink: Sink): string {
  return Buffer.concat(sink.requests.map(({ body }) => body)).toString('latin1');
}

export type Way = 'with the preload alone' | 'under swarmscope run';
export const ways: readonly Way[] = ['with the preload alone', 'under swarmscope run'];

export interface Seen extends ProgramResult {
  readonly sink: Sink;
  readonly spans: readonly SpanRow[];
  readonly logs: readonly LogRow[];
  readonly points: readonly MetricPointRow[];
}

/**
 * Runs `file`, else the first of `files`, one way or the other; what is recorded arrives in a sink, directly or forwarded by `run
 * --export`.
 */
export async function observe(way: Way, options: ProgramOptions, flags: readonly string[] = []): Promise<Seen> {
  const sink = await startSink();
  const environment = { ...patient, ...options.env };
  const file = options.file ?? Object.keys(options.files ?? {})[0] ?? '';
  const result =
    way === 'with the preload alone'
      ? await runProgram({ ...options, env: { ...endpointOf(sink), ...environment } })
      : await runProgram({
          ...options,
          preload: 'none',
          command: process.execPath,
          args: [commandFile, 'run', '--quiet', '--export', sink.url, ...flags, '--', process.execPath, file, ...(options.args ?? [])],
          env: environment,
        });
  await sink.close();
  return { ...result, sink, spans: spansOf(sink), logs: logsOf(sink), points: metricPointsOf(sink) };
}

/** The newest value of each series of one metric, summed: what a backend shows after the run. */
export function totalOf(points: readonly MetricPointRow[], name: string, attributes: Record<string, unknown> = {}): number {
  return lastOf(points, name, attributes).reduce((sum, { value, sum: histogramSum }) => sum + (histogramSum ?? value), 0);
}

/** How many values a histogram took, over all its series. */
export function countOf(points: readonly MetricPointRow[], name: string): number {
  return lastOf(points, name, {}).reduce((sum, { value }) => sum + value, 0);
}

function lastOf(points: readonly MetricPointRow[], name: string, attributes: Record<string, unknown>): MetricPointRow[] {
  const last = new Map<string, MetricPointRow>();
  for (const point of points.filter((each) => each.name === name)) {
    if (!Object.entries(attributes).every(([key, value]) => point.attributes[key] === value)) continue;
    last.set(JSON.stringify([point.instanceId, point.attributes]), point);
  }
  return [...last.values()];
}
