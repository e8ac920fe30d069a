// Sends metrics of what cannot be had here, a full GPU, a machine without free memory or an agent that is silent for long, as their senders would.
import {
  ATTR_CPU_MODE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_HOST_NAME,
  ATTR_HW_ID,
  ATTR_SERVICE_NAME,
  ATTR_SYSTEM_MEMORY_STATE,
  METRIC_HW_GPU_MEMORY_LIMIT,
  METRIC_HW_GPU_MEMORY_USAGE,
  METRIC_SWARMSCOPE_AGENT_SILENT_TIME,
  METRIC_SYSTEM_CPU_LOGICAL_COUNT,
  METRIC_SYSTEM_CPU_UTILIZATION,
  METRIC_SYSTEM_MEMORY_UTILIZATION,
  type MetricSpec,
} from '../../../src/semconv/index.ts';

interface Point {
  readonly metric: MetricSpec;
  readonly value: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface Sender {
  /** Its `service.name` and its `host.name`. */
  readonly name: string;
  points(seconds: number): readonly Point[];
}

const GIB = 2 ** 30;

function gpu(usedGib: number): Point[] {
  const attributes = { [ATTR_HW_ID]: 'GPU-0' };
  return [
    { metric: METRIC_HW_GPU_MEMORY_USAGE, value: usedGib * GIB, attributes },
    { metric: METRIC_HW_GPU_MEMORY_LIMIT, value: 80 * GIB, attributes },
  ];
}

export const senders: readonly Sender[] = [
  { name: 'full-gpu', points: () => gpu(79) },
  { name: 'leaking-gpu', points: (seconds) => gpu(Math.min(75, 60 + seconds / 20)) },
  {
    name: 'busy-machine',
    points: () => [
      { metric: METRIC_SYSTEM_CPU_UTILIZATION, value: 1.98, attributes: { [ATTR_CPU_MODE]: 'user' } },
      { metric: METRIC_SYSTEM_CPU_UTILIZATION, value: 0.02, attributes: { [ATTR_CPU_MODE]: 'idle' } },
      { metric: METRIC_SYSTEM_CPU_LOGICAL_COUNT, value: 2 },
    ],
  },
  {
    name: 'full-machine',
    points: () => [{ metric: METRIC_SYSTEM_MEMORY_UTILIZATION, value: 0.96, attributes: { [ATTR_SYSTEM_MEMORY_STATE]: 'used' } }],
  },
  {
    name: 'silent-agent',
    points: (seconds) => [
      { metric: METRIC_SWARMSCOPE_AGENT_SILENT_TIME, value: 900 + seconds, attributes: { [ATTR_GEN_AI_AGENT_NAME]: 'claude' } },
    ],
  },
  { name: 'healthy-machine', points: () => gpu(40) },
];

export interface Senders {
  /** Says that all of it is over; resolves when that has been sent. */
  stop(): Promise<void>;
}

/** Sends all of them each second, until told to stop. */
export function startSenders(endpoint: string): Senders {
  const startMs = performance.now();
  const send = async (isOver: boolean): Promise<void> => {
    const seconds = (performance.now() - startMs) / 1_000;
    const body = JSON.stringify({ resourceMetrics: senders.map((sender) => resourceMetrics(sender, seconds, isOver)) });
    try {
      await fetch(`${endpoint}/v1/metrics`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    } catch {
      // A collector that is not yet, or no longer, there; the next second brings the next.
    }
  };
  const timer = setInterval(() => void send(false), 1_000);
  return {
    async stop() {
      clearInterval(timer);
      await send(true);
    },
  };
}

/** In a point of OTLP: what it measured is gone. */
const NO_RECORDED_VALUE = 1;

function resourceMetrics({ name, points }: Sender, seconds: number, isOver: boolean): unknown {
  const timeUnixNano = `${Date.now()}000000`;
  const metrics = points(seconds).map(({ metric, value, attributes = {} }) => {
    const point = isOver ? { flags: NO_RECORDED_VALUE } : { asDouble: value };
    const dataPoints = [{ ...point, timeUnixNano, attributes: attributesOf(attributes) }];
    const data =
      metric.instrument === 'gauge' ? { gauge: { dataPoints } } : { sum: { dataPoints, aggregationTemporality: 2, isMonotonic: false } };
    return { name: metric.name, unit: metric.unit, ...data };
  });
  return {
    resource: { attributes: attributesOf({ [ATTR_SERVICE_NAME]: name, [ATTR_HOST_NAME]: name }) },
    scopeMetrics: [{ scope: { name: 'test' }, metrics }],
  };
}

const attributesOf = (attributes: Readonly<Record<string, string>>): unknown[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } }));
