// The cumulative metrics of one swarm after so many tasks: about as many points as one export of the demo swarm, with
// totals that follow from the tasks.
import type { SnapshotMetric } from '../../../src/semconv/telemetry.ts';
import type { Attributes } from '../../../src/semconv/telemetry.ts';
import * as semconv from '../../../src/semconv/index.ts';
import { GIT, MODELS, TOOLS, TYPES } from './load-spans.ts';

/** The counter that drills compare: it grows by one with each task. */
export const SUBMITTED = semconv.METRIC_SWARMSCOPE_TASK_SUBMITTED.prometheus;

const rows = (name: string, values: readonly string[]): Attributes[] => values.map((value) => ({ [name]: value }));
const ofModel = rows(semconv.ATTR_GEN_AI_REQUEST_MODEL, MODELS).map((model) => ({
  [semconv.ATTR_GEN_AI_OPERATION_NAME]: 'chat',
  ...model,
}));
const ofType = rows(semconv.ATTR_SWARMSCOPE_TASK_TYPE, TYPES);
const ofTool = rows(semconv.ATTR_GEN_AI_TOOL_NAME, TOOLS);
const ofGit = rows(semconv.ATTR_SWARMSCOPE_GIT_OPERATION_NAME, GIT);
const ofPool = rows(semconv.ATTR_SWARMSCOPE_POOL_NAME, ['p-queue']);

/** Instruments by what one task adds to each of their points. */
const KINDS: readonly { spec: semconv.MetricSpec; series: readonly Attributes[]; perTask: number }[] = [
  { spec: semconv.METRIC_SWARMSCOPE_TASK_DURATION, series: ofType, perTask: 6 },
  { spec: semconv.METRIC_SWARMSCOPE_QUEUE_WAIT_TIME, series: ofType, perTask: 1.2 },
  { spec: semconv.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, series: ofGit, perTask: 0.05 },
  { spec: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, series: ofModel, perTask: 3 },
  { spec: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK, series: ofModel, perTask: 0.5 },
  { spec: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, series: ofModel, perTask: 12_000 },
  { spec: semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS, series: ofModel, perTask: 900 },
  { spec: semconv.METRIC_SWARMSCOPE_CONTEXT_USAGE, series: ofModel, perTask: 2_400 },
  { spec: semconv.METRIC_SWARMSCOPE_CONTEXT_UTILIZATION, series: ofModel, perTask: 0.1 },
  { spec: semconv.METRIC_SWARMSCOPE_INFERENCE_COST, series: ofModel, perTask: 0.08 },
  { spec: semconv.METRIC_GEN_AI_EXECUTE_TOOL_DURATION, series: ofTool, perTask: 0.4 },
  { spec: semconv.METRIC_SWARMSCOPE_WORKER_TIME, series: ofPool, perTask: 6 },
];

export function metricsAfter(tasks: number): SnapshotMetric[] {
  const submitted = counter(semconv.METRIC_SWARMSCOPE_TASK_SUBMITTED, ofPool, tasks);
  return [
    submitted,
    ...KINDS.map(({ spec, series, perTask }) =>
      spec.instrument === 'histogram' ? histogram(spec, series, tasks, perTask) : counter(spec, series, tasks * perTask),
    ),
  ];
}

const head = ({
  name,
  unit,
  description,
  valueType,
}: semconv.MetricSpec): Pick<SnapshotMetric, 'name' | 'unit' | 'description' | 'isInt'> => ({
  name,
  unit,
  description,
  isInt: valueType === 'int',
});

function counter(spec: semconv.MetricSpec, series: readonly Attributes[], value: number): SnapshotMetric {
  return { ...head(spec), kind: 'counter', points: series.map((attributes) => ({ attributes, value })) };
}

function histogram(spec: semconv.MetricSpec, series: readonly Attributes[], count: number, value: number): SnapshotMetric {
  const bounds = spec.buckets ?? [];
  const bucket = bounds.findIndex((bound) => value <= bound);
  const counts = [...bounds, Infinity].map((_, index) => (index === (bucket < 0 ? bounds.length : bucket) ? count : 0));
  const points = series.map((attributes) => ({ attributes, count, sum: count * value, min: value, max: value, bounds, counts }));
  return { ...head(spec), kind: 'histogram', points };
}
