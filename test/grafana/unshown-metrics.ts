/** Metrics of the registry that no panel and no alert shows, each with its reason; whoever adds a metric shows it or says why not. */
import {
  METRIC_GEN_AI_CLIENT_EMBEDDINGS_DURATION,
  METRIC_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
  METRIC_SWARMSCOPE_DOCTOR_LAST_CHECK,
} from '../../src/semconv/index.ts';

const NOT_RECORDED = 'named for later work; nothing records it yet';

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

/** Runtime metrics of one process: the boards show the few that answer a question of a swarm. */
const details: readonly string[] = ['nodejs.eventloop.', 'v8js.', 'process.', 'system.'];

/** Why a metric stands on no board; undefined when it must. */
export function reasonForNoPanel(name: string): string | undefined {
  if (single.has(name)) return single.get(name);
  if (familiesToCome.some((prefix) => name.startsWith(prefix))) return NOT_RECORDED;
  if (details.some((prefix) => name.startsWith(prefix))) return 'a detail of the host or of one process; the boards show its neighbours';
  return undefined;
}
