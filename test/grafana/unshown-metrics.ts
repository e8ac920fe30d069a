/** Metrics of the registry that no panel and no alert shows, each with its reason; whoever adds a metric shows it or says why not. */
import {
  METRIC_GEN_AI_CLIENT_EMBEDDINGS_DURATION,
  METRIC_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
  METRIC_SWARMSCOPE_DOCTOR_LAST_CHECK,
  METRIC_SWARMSCOPE_TASK_CPU_TIME,
  METRIC_SWARMSCOPE_TASK_MEMORY_PEAK_USAGE,
} from '../../src/semconv/index.ts';

const OF_EMBEDDINGS = 'made by the collector from other programs’ spans; the boards show the calls of models that answer';

const OF_ESTIMATES = 'only of tasks that were estimated, whose spans have the estimate beside it; a board of them would be empty for most';

const single: ReadonlyMap<string, string> = new Map<string, string>([
  [METRIC_GEN_AI_CLIENT_EMBEDDINGS_DURATION.name, OF_EMBEDDINGS],
  [METRIC_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS.name, OF_EMBEDDINGS],
  [METRIC_GEN_AI_CLIENT_OPERATION_DURATION.name, 'requests around an inference, such as counting tokens; the boards show the calls of models that answer'],
  [METRIC_SWARMSCOPE_TASK_CPU_TIME.name, OF_ESTIMATES],
  [METRIC_SWARMSCOPE_TASK_MEMORY_PEAK_USAGE.name, OF_ESTIMATES],
  [METRIC_SWARMSCOPE_DOCTOR_LAST_CHECK.name, 'a mark that swarmscope doctor --stack sends and finds again; it says nothing about a swarm'],
]);

const OF_PROCESS = 'a detail of one process, for who looks at that process; the board shows its processor, memory and event loop';
const OF_HEAP = 'a detail of the heap by space; the board shows what is in use';
const OF_DELAY = 'the board shows the p99: what the slowest piece of work costs everybody else';
const OF_HOST = 'a detail of the host; the board shows its neighbour in a form that can be read';

/** Runtime metrics: the boards show the few that answer a question of a swarm. One by one, so that a new one is looked at. */
const details: ReadonlyMap<string, string> = new Map<string, string>([
  ...['max', 'mean', 'min', 'p50', 'p90', 'stddev'].map((kind): [string, string] => [`nodejs.eventloop.delay.${kind}`, OF_DELAY]),
  ['nodejs.eventloop.time', 'the board shows the utilisation, which is its share'],
  ...['available_size', 'physical_size', 'size'].map((kind): [string, string] => [`v8js.memory.heap.space.${kind}`, OF_HEAP]),
  ['v8js.resource.active', OF_PROCESS],
  ...[
    'context_switches',
    'cpu.time',
    'disk.io',
    'memory.utilization',
    'memory.virtual',
    'paging.faults',
    'thread.count',
    'unix.file_descriptor.count',
    'uptime',
  ].map((kind): [string, string] => [`process.${kind}`, OF_PROCESS]),
  ...['cpu.time', 'network.packet.dropped', 'process.count', 'uptime'].map((kind): [string, string] => [`system.${kind}`, OF_HOST]),
]);

/** Why a metric stands on no board; undefined when it must. */
export function reasonForNoPanel(name: string): string | undefined {
  return single.get(name) ?? details.get(name);
}

/** Every name that has a reason: each must mean a metric. */
export const reasons: readonly string[] = [...single.keys(), ...details.keys()];
