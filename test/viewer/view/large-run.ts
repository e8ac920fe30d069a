// A stored run of any size, put together by our own writer: tasks in lanes, each with calls, tools and waits by turns.
import type { Attributes, SpanRow } from '../../../src/analysis/model.ts';
import * as words from '../../../src/semconv/index.ts';
import { openStore, runPath } from '../../../src/viewer/store/index.ts';

export interface LargeRun {
  readonly spans: number;
  readonly lanes: number;
  /** Of one task, itself not among them. */
  readonly perTask: number;
}

export const BEGIN_MS = Date.UTC(2026, 10, 2);
const TRACE_ID = 'ab'.repeat(16);
const BATCH = 10_000;
/** From the start of one span of a task to that of the next, and how long it is. */
const STEP_MS = 120;
const LONG_MS = 80;

const KINDS: readonly { readonly name: string; readonly attributes: Attributes }[] = [
  {
    name: 'chat m',
    attributes: {
      [words.ATTR_GEN_AI_OPERATION_NAME]: words.GEN_AI_OPERATION_NAME_VALUE_CHAT,
      [words.ATTR_GEN_AI_REQUEST_MODEL]: 'm',
      [words.ATTR_GEN_AI_USAGE_INPUT_TOKENS]: 1_000,
      [words.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: 80,
      [words.ATTR_SWARMSCOPE_COST_AMOUNT]: 0.001,
      [words.ATTR_SWARMSCOPE_COST_CURRENCY]: 'USD',
    },
  },
  {
    name: 'execute_tool read',
    attributes: {
      [words.ATTR_GEN_AI_OPERATION_NAME]: words.GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
      [words.ATTR_GEN_AI_TOOL_NAME]: 'read',
    },
  },
  { name: 'wait lock', attributes: { [words.ATTR_SWARMSCOPE_WAIT_REASON]: 'lock' } },
];

/** Each parent comes before its children. */
export function* spansOf({ spans, lanes, perTask }: LargeRun): Generator<SpanRow> {
  let id = 0;
  const made = (own: Pick<SpanRow, 'name' | 'startMs' | 'endMs' | 'attributes'>, parentSpanId: string | undefined): SpanRow => {
    const spanId = (++id).toString(16).padStart(16, '0');
    return {
      ...{
        traceId: TRACE_ID,
        spanId,
        parentSpanId,
        kind: 1,
        isError: false,
        links: [],
        scopeName: 'swarmscope',
        serviceName: 'made',
        pid: 42,
      },
      ...own,
    };
  };
  const taskMs = perTask * STEP_MS;
  for (let task = 0; id < spans; task++) {
    const startMs = BEGIN_MS + Math.floor(task / lanes) * (taskMs + 200) + (task % lanes) * 3;
    const type = ['implement', 'review', 'test'][task % 3] ?? '';
    const attributes = {
      [words.ATTR_SWARMSCOPE_OPERATION_NAME]: words.SWARMSCOPE_OPERATION_NAME_VALUE_RUN_TASK,
      [words.ATTR_SWARMSCOPE_TASK_TYPE]: type,
      [words.ATTR_SWARMSCOPE_TASK_ID]: `part-${task}`,
    };
    const own = made({ name: `run_task ${type}`, startMs, endMs: startMs + taskMs, attributes }, undefined);
    yield own;
    for (let at = 0; at < perTask; at++) {
      const fromMs = startMs + 10 + at * STEP_MS;
      const kind = KINDS[(task + at) % KINDS.length] as (typeof KINDS)[number];
      yield made({ ...kind, startMs: fromMs, endMs: fromMs + LONG_MS }, own.spanId);
    }
  }
}

/** @returns the run's file */
export function writeLargeRun(dataFolder: string, id: string, of: LargeRun): string {
  const path = runPath(dataFolder, id);
  const store = openStore(path);
  store.startRun({ id, name: id, command: 'node', startMs: BEGIN_MS, endMs: undefined, exitCode: undefined, signal: undefined, pid: 42 });
  let batch: SpanRow[] = [];
  let endMs = BEGIN_MS;
  const write = (): void => {
    store.addTraces({ spans: batch, losses: {} });
    store.flush();
    batch = [];
  };
  for (const span of spansOf(of)) {
    endMs = Math.max(endMs, span.endMs ?? 0);
    if (batch.push(span) >= BATCH) write();
  }
  write();
  store.endRun({ id, endMs: endMs + 100, exitCode: 0, signal: undefined });
  store.close();
  return path;
}
