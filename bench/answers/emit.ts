/** Writes a simulated swarm as OTLP JSON lines, as one of the programs would that the product knows, and spoils it by tier. */
import * as names from '../../src/semconv/index.ts';
import { draw } from './engine.ts';
import type { Happened, Outcome } from './stage.ts';
import type { World } from './world.ts';

export type Tier = 'clean' | 'noisy' | 'adversarial' | 'cut';

/** What a program of this shape tells. */
export interface Shape {
  readonly name: string;
  readonly hasTasks: boolean;
  readonly hasDependencies: boolean;
  readonly hasQueueWaits: boolean;
  readonly hasLimit: boolean;
  readonly hasBatches: boolean;
  readonly hasAttempts: boolean;
  readonly hasWaits: boolean;
  readonly isTracePerTask: boolean;
  readonly isOurs: boolean;
}

const API: Shape = {
  name: 'api',
  hasTasks: true,
  hasDependencies: true,
  hasQueueWaits: true,
  hasLimit: true,
  hasBatches: true,
  hasAttempts: true,
  hasWaits: true,
  isTracePerTask: false,
  isOurs: true,
};
export const SHAPES: readonly Shape[] = [
  API,
  { ...API, name: 'queue', hasDependencies: false },
  { ...API, name: 'bare', hasDependencies: false, hasQueueWaits: false, hasLimit: false, hasBatches: false, hasAttempts: false },
  { ...API, name: 'trace per task', hasBatches: false, isTracePerTask: true },
  {
    ...API,
    name: 'genai',
    hasTasks: false,
    hasDependencies: false,
    hasQueueWaits: false,
    hasLimit: false,
    hasBatches: false,
    hasAttempts: false,
    hasWaits: false,
    isTracePerTask: true,
    isOurs: false,
  },
];

const T0 = Date.UTC(2026, 10, 1, 9);

/** A run of the tier `cut` is killed after this share of its time: what has not ended then is not told. */
export const CUT_AT = 0.85;

/** The id under which a span is told. */
export const idOf = (seed: number, { id }: Pick<Happened, 'id'>): string => hex(`${seed}/${id}`, 16);

/** Of the spans of a shape, those that a lossy tier keeps. */
export function emit(world: World, outcome: Outcome, { shape, tier }: { shape: Shape; tier: Tier }): string {
  const { seed } = world;
  const byId = new Map(outcome.spans.map((span) => [span.id, span]));
  const lossShare = { clean: 0, cut: 0, noisy: 0.03, adversarial: 0.15 }[tier];
  const killedAt = tier === 'cut' ? CUT_AT * outcome.seconds : Infinity;
  const isTold = (span: Happened): boolean =>
    isOfShape(span, shape) &&
    (span.to ?? outcome.seconds) < killedAt &&
    !(span.parent !== undefined && !isTask(span) && draw(seed, 'lost', span.id) < lossShare);
  const told = outcome.spans.filter((span) => isOfShape(span, shape));
  const kept = told.filter(isTold);
  const parentOf = (span: Happened): Happened | undefined => {
    let at = byId.get(span.parent ?? -1);
    while (at !== undefined && !isOfShape(at, shape)) at = byId.get(at.parent ?? -1);
    return at;
  };
  const skewOf = (process: number): number => (tier === 'adversarial' && process > 0 ? (draw(seed, 'clock', process) - 0.5) * 4 : 0);
  const traceOf = (span: Happened): string => hex(shape.isTracePerTask && span.task !== undefined ? `${seed}/${span.task}` : `${seed}`, 32);
  const lines: string[] = [];
  const processes = new Set(kept.map(({ process }) => process));
  for (const process of processes) {
    const spans = kept
      .filter((span) => span.process === process)
      .map((span) => {
        const parent = parentOf(span);
        const skew = skewOf(process);
        const isSameTrace = parent !== undefined && traceOf(parent) === traceOf(span);
        return {
          traceId: traceOf(span),
          spanId: idOf(seed, span),
          ...(isSameTrace ? { parentSpanId: idOf(seed, parent) } : {}),
          name: span.name,
          kind: span.name.startsWith('chat') ? 3 : 1,
          startTimeUnixNano: nanos(span.from + skew),
          endTimeUnixNano: nanos((span.to ?? outcome.seconds) + skew),
          attributes: attributesOf(span, shape),
          ...(isSameTrace || parent === undefined || !shape.isOurs
            ? {}
            : { links: [{ traceId: traceOf(parent), spanId: idOf(seed, parent) }] }),
          status: span.isError ? { code: 2 } : {},
        };
      });
    const scope = { name: shape.isOurs ? 'swarmscope' : 'opentelemetry.instrumentation.openai' };
    lines.push(JSON.stringify({ resourceSpans: [{ resource: resourceOf(process, shape), scopeSpans: [{ scope, spans }] }] }));
  }
  const metrics = metricsOf(world, outcome, shape);
  if (metrics.length > 0)
    lines.push(
      JSON.stringify({ resourceMetrics: [{ resource: resourceOf(0, shape), scopeMetrics: [{ scope: { name: 'swarmscope' }, metrics }] }] }),
    );
  return `${lines.join('\n')}\n`;
}

function isTask({ attributes }: Happened): boolean {
  return attributes[names.ATTR_SWARMSCOPE_OPERATION_NAME] === 'run_task';
}

function isOfShape(span: Happened, shape: Shape): boolean {
  const { attributes } = span;
  if (attributes[names.ATTR_SWARMSCOPE_OPERATION_NAME] === 'run_batch') return shape.hasBatches;
  if (isTask(span)) return shape.hasTasks;
  if (attributes[names.ATTR_SWARMSCOPE_WAIT_REASON] !== undefined) return shape.hasWaits;
  if (attributes[names.ATTR_GEN_AI_OPERATION_NAME] !== undefined)
    return shape.isOurs || attributes[names.ATTR_GEN_AI_OPERATION_NAME] !== 'invoke_workflow';
  return shape.isOurs;
}

function attributesOf({ attributes }: Happened, shape: Shape): unknown[] {
  const left = new Set<string>([
    ...(shape.hasDependencies ? [] : [names.ATTR_SWARMSCOPE_TASK_DEPENDENCY_IDS]),
    ...(shape.hasQueueWaits ? [] : [names.ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME]),
    ...(shape.hasAttempts ? [] : [names.ATTR_SWARMSCOPE_TASK_ATTEMPT_NUMBER, names.ATTR_SWARMSCOPE_TASK_ID]),
  ]);
  return Object.entries(attributes).flatMap(([key, value]) =>
    left.has(key) || value === undefined ? [] : [{ key, value: valueOf(value) }],
  );
}

function valueOf(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(valueOf) } };
  return typeof value === 'boolean' ? { boolValue: value } : { stringValue: String(value) };
}

function resourceOf(process: number, shape: Shape): unknown {
  const attributes = [{ key: 'service.name', value: { stringValue: shape.isOurs ? 'swarm' : 'agents' } }];
  return { attributes: [...attributes, { key: 'process.pid', value: { intValue: String(1_000 + process) } }] };
}

function metricsOf(world: World, { cpu, seconds }: Outcome, shape: Shape): unknown[] {
  const metrics: unknown[] = [];
  if (shape.hasLimit) {
    const point = {
      timeUnixNano: nanos(1),
      startTimeUnixNano: nanos(0),
      asInt: String(world.workers),
      attributes: [{ key: names.ATTR_SWARMSCOPE_POOL_NAME, value: { stringValue: 'workers' } }],
    };
    metrics.push({
      name: 'swarmscope.worker.limit',
      unit: '{worker}',
      sum: { aggregationTemporality: 2, isMonotonic: false, dataPoints: [point] },
    });
  }
  if (shape.isOurs && cpu.length > 0) {
    const busy = Array.from({ length: Math.ceil(seconds / 5) }, (_each, step) => {
      const own = cpu.filter(([at]) => at >= step * 5 && at < step * 5 + 5).map(([, share]) => share);
      return own.length === 0 ? 0.1 : own.reduce((a, b) => a + b, 0) / own.length;
    });
    const points = busy.flatMap((share, step) => [
      { timeUnixNano: nanos(step * 5 + 5), asDouble: 1 - share, attributes: [{ key: 'cpu.mode', value: { stringValue: 'idle' } }] },
      { timeUnixNano: nanos(step * 5 + 5), asDouble: share, attributes: [{ key: 'cpu.mode', value: { stringValue: 'user' } }] },
    ]);
    metrics.push({ name: 'system.cpu.utilization', unit: '1', gauge: { dataPoints: points } });
  }
  return metrics;
}

function nanos(seconds: number): string {
  return `${BigInt(Math.round((T0 / 1000 + seconds) * 1e6)) * 1000n}`;
}

function hex(text: string, length: number): string {
  let found = '';
  for (let part = 0; found.length < length; part++)
    found += Math.floor(draw(part, text, 'id') * 4294967296)
      .toString(16)
      .padStart(8, '0');
  return found.slice(0, length);
}
