/** Counts what is running and done, for the status line. Its memory is bounded, and it has no clock of its own. */
import type { SpanRow } from '../../analysis/index.ts';
import { cut } from '../../otlp/read/index.ts';
import * as names from '../../semconv/index.ts';
import { createLiveUsage } from './live-usage.ts';
import { Recent } from './recent.ts';
import type { LogRows, TraceRows } from './rows/index.ts';

export interface LiveSnapshot {
  openTasks: number;
  /** Agents that run, each process of one once. */
  openAgents: number;
  /** Running tasks by type, most first. */
  runningByType: readonly { type: string; count: number }[];
  llmCallsInFlight: number;
  llmCallsDone: number;
  doneTasks: number;
  failedTasks: number;
  inputTokens: number;
  outputTokens: number;
  /** USD; undefined until a priced call was seen. */
  cost: number | undefined;
  /** Refused attempts (429, 503, 529). */
  rateLimited: number;
  oldestTask: { name: string; ageMs: number } | undefined;
}

export interface Live {
  addTraces(rows: TraceRows): void;
  addLogs(rows: LogRows): void;
  /** `nowMs`: epoch milliseconds. */
  snapshot(nowMs: number): LiveSnapshot;
}

/** Most spans held as open, and most ended ids remembered for starts that come late: 30 MB and 10 MB at most. */
const MAX_OPEN = 100_000;
const MAX_ENDED = 100_000;
/** Longest name and type: the status line shows less of them. */
const MAX_SHOWN_LENGTH = 100;

const llmOperations: ReadonlySet<unknown> = new Set([
  names.GEN_AI_OPERATION_NAME_VALUE_CHAT,
  names.GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS,
  names.GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT,
  names.GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION,
]);

type Watched = 'task' | 'agent' | 'llm';

/** What is shown of a span that runs. The row itself may hold megabytes of attributes. */
type Running = Pick<SpanRow, 'name' | 'startMs'> & { readonly type: string };

export function createLive(): Live {
  const open: Record<Watched, Map<string, Running>> = { task: new Map(), agent: new Map(), llm: new Map() };
  const ended = new Recent<string, true>(MAX_ENDED);
  const tasks = { doneTasks: 0, failedTasks: 0 };
  const usage = createLiveUsage();

  function endSpan(span: SpanRow): void {
    const what = watchedKind(span);
    if (what === undefined) return;
    const key = span.traceId + span.spanId;
    // A sender that got no answer sends the same span again.
    if (ended.has(key)) return;
    ended.set(key, true);
    open[what].delete(key);
    if (what === 'llm') usage.add(span);
    else if (what === 'task' && span.isError) tasks.failedTasks++;
    else if (what === 'task') tasks.doneTasks++;
  }

  return {
    addTraces({ spans }) {
      for (const span of spans) endSpan(span);
    },
    addLogs({ openSpans, spans }) {
      for (const span of spans) endSpan(span);
      for (const span of openSpans) {
        const what = watchedKind(span);
        const key = span.traceId + span.spanId;
        if (what !== undefined && open[what].size < MAX_OPEN && !ended.has(key)) open[what].set(key, runningOf(span));
      }
    },
    snapshot(nowMs) {
      const counts = new Map<string, number>();
      let oldest: Running | undefined;
      for (const span of open.task.values()) {
        counts.set(span.type, (counts.get(span.type) ?? 0) + 1);
        if (oldest === undefined || span.startMs < oldest.startMs) oldest = span;
      }
      return {
        openTasks: open.task.size,
        openAgents: open.agent.size,
        runningByType: [...counts]
          .map(([type, count]) => ({ type, count }))
          .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1)),
        llmCallsInFlight: open.llm.size,
        ...tasks,
        ...usage.total(),
        oldestTask: oldest === undefined ? undefined : { name: oldest.name, ageMs: Math.max(0, nowMs - oldest.startMs) },
      };
    },
  };
}

function runningOf({ name, startMs, attributes }: SpanRow): Running {
  const type = String(attributes[names.ATTR_SWARMSCOPE_TASK_TYPE] ?? name);
  return { name: cut(name, MAX_SHOWN_LENGTH), startMs, type: cut(type, MAX_SHOWN_LENGTH) };
}

function watchedKind({ attributes }: SpanRow): Watched | undefined {
  if (attributes[names.ATTR_SWARMSCOPE_OPERATION_NAME] === names.SWARMSCOPE_OPERATION_NAME_VALUE_RUN_TASK) return 'task';
  const operation = attributes[names.ATTR_GEN_AI_OPERATION_NAME];
  if (operation === names.GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT) return 'agent';
  return llmOperations.has(operation) ? 'llm' : undefined;
}
