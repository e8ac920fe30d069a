/** Metrics of the registry that no panel and no alert shows, each with its reason; whoever adds a metric shows it or says why not. */
import {
  METRIC_GEN_AI_CLIENT_EMBEDDINGS_DURATION,
  METRIC_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
  METRIC_SWARMSCOPE_DOCTOR_LAST_CHECK,
} from '../../src/semconv/index.ts';

/** Whoever records one of them shows it. */
export const NOT_RECORDED = 'named for later work; nothing records it yet';

/** By prefix of the OpenTelemetry name: families that nothing records yet. */
const familiesToCome: readonly string[] = [
  'swarmscope.budget.token',
  'swarmscope.budget.cost.utilization',
  'swarmscope.policy',
  'swarmscope.routing',
  'swarmscope.scheduler',
  'swarmscope.run.critical_path',
  'swarmscope.worker.cpu',
  'swarmscope.worker.memory',
  'swarmscope.worker.gpu',
  'swarmscope.task.cpu',
  'swarmscope.task.memory',
  'swarmscope.tool.used',
  'swarmscope.context.compactions',
  'swarmscope.git.commit',
  'swarmscope.git.worktree',
  'hw.energy',
  'hw.errors',
  'hw.gpu.io',
  'hw.power',
  'hw.status',
  'hw.temperature',
];

const single: ReadonlyMap<string, string> = new Map<string, string>([
  [METRIC_GEN_AI_CLIENT_EMBEDDINGS_DURATION.name, NOT_RECORDED],
  [METRIC_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS.name, NOT_RECORDED],
  [METRIC_GEN_AI_CLIENT_OPERATION_DURATION.name, 'the older name of the duration of inference; other senders use it, and the collector brings it to ours'],
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
    'network.io',
    'paging.faults',
    'thread.count',
    'unix.file_descriptor.count',
    'uptime',
  ].map((kind): [string, string] => [`process.${kind}`, OF_PROCESS]),
  ...['cpu.time', 'network.packet.dropped', 'process.count', 'uptime'].map((kind): [string, string] => [`system.${kind}`, OF_HOST]),
]);

/** Why a metric stands on no board; undefined when it must. */
export function reasonForNoPanel(name: string): string | undefined {
  return single.get(name) ?? details.get(name) ?? (familiesToCome.some((prefix) => name.startsWith(prefix)) ? NOT_RECORDED : undefined);
}

/** Every name and beginning of a name that has a reason: each must mean a metric. */
export const reasons: readonly string[] = [...single.keys(), ...details.keys(), ...familiesToCome];
