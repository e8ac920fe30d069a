/** Whether the spans that a finding cites belong to its cause: the span, something in it, or the task around it. */
import type { Finding, FindingKind } from '../../src/analysis/index.ts';
import * as names from '../../src/semconv/index.ts';
import { idOf } from './emit.ts';
import type { Labelled } from './corpus.ts';
import type { Happened } from './stage.ts';

type IsCause = (span: Happened, run: Labelled) => boolean;

const isCall: IsCause = ({ attributes }) => attributes[names.ATTR_GEN_AI_OPERATION_NAME] === 'chat';
const isTask: IsCause = ({ attributes }) => attributes[names.ATTR_SWARMSCOPE_OPERATION_NAME] === 'run_task';
const isRefused: IsCause = ({ attributes }) => attributes[names.ATTR_HTTP_RESPONSE_STATUS_CODE] === 429;
const waits =
  (reason: string): IsCause =>
  ({ attributes }) =>
    attributes[names.ATTR_SWARMSCOPE_WAIT_REASON] === reason;
const named =
  (...found: string[]): IsCause =>
  ({ name }) =>
    found.includes(name);

/** What the generator did for each kind. Of kinds that lie in the schedule any task is part. */
const CAUSES: Readonly<Record<FindingKind, IsCause>> = {
  barrier: (span, run) => isTask(span, run) || span.name === 'run_batch queue',
  straggler: ({ task }, { outcome: { work } }) => task === work.indexOf(Math.max(...work)),
  serial_orchestrator: (span, run) => isTask(span, run) || (isCall(span, run) && span.task === undefined),
  dependency_chain: isTask,
  too_few_workers: isTask,
  too_many_workers: isRefused,
  rate_limit: isRefused,
  lock_contention: (span, run) => waits('lock')(span, run) || span.name === 'git merge',
  human_wait: waits('human'),
  process_startup: named('node'),
  workspace_setup: named('git worktree_add', 'npm'),
  tool_loop: ({ task = -1 }, { world: { loops, tasks } }) => task >= tasks - loops,
  hung_agent: ({ task, name, from, to = Infinity }, { world: { tasks, hangSeconds } }) =>
    task === tasks - 1 && name.startsWith('execute_tool') && to - from >= hangSeconds,
  rework: (span, run) => isTask(span, run) && span.isError,
  merge_conflict: ({ attributes }) => attributes[names.ATTR_ERROR_TYPE] === 'merge_conflict',
  gpu_queue: isCall,
  slow_llm: (span, run) => isCall(span, run) && (span.to ?? Infinity) > run.outcome.slow[0] && span.from < run.outcome.slow[1],
  cpu_contention: named('execute_tool build'),
  context_bloat: isCall,
  cache_miss: isCall,
};

export interface Cited {
  readonly cited: number;
  readonly existing: number;
  readonly belonging: number;
}

export function citedBy({ kind, evidence }: Finding, run: Labelled): Cited {
  const { spans } = run.outcome;
  const byId = new Map(spans.map((span) => [span.id, span]));
  const belonging = new Set<number>();
  for (const span of spans) {
    if (!CAUSES[kind](span, run)) continue;
    for (let at: Happened | undefined = span; at !== undefined; at = isTask(at, run) ? undefined : byId.get(at.parent ?? -1))
      belonging.add(at.id);
  }
  // What lies in it: parents are begun before their children.
  for (const span of spans) {
    const above = byId.get(span.parent ?? -1);
    if (above !== undefined && belonging.has(above.id) && CAUSES[kind](above, run)) belonging.add(span.id);
  }
  const told = new Map(spans.map((span) => [idOf(run.world.seed, span), span.id]));
  const ids = evidence.spanIds.map((id) => told.get(id));
  return {
    cited: ids.length,
    existing: ids.filter((id) => id !== undefined).length,
    belonging: ids.filter((id) => id !== undefined && belonging.has(id)).length,
  };
}
