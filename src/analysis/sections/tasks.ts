/** Each task by what tells it from others also in another run, so that runs can be compared task by task. */
import {
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_SWARMSCOPE_COST_AMOUNT,
  ATTR_SWARMSCOPE_TASK_ATTEMPT_NUMBER,
} from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { keyOf } from '../labels.ts';
import { isFailed } from '../process-end.ts';
import { innermostAbove, numberOf, tokensOf, type SpanNode } from '../span-tree.ts';
import { taskType } from '../tasks.ts';

export interface TaskRecord {
  /** Its type with the id that the program gave it, else with its worktree. Undefined where nothing of it is the same in another run. */
  readonly key: string | undefined;
  readonly type: string;
  readonly spanId: string;
  readonly startMs: number;
  /** Undefined where its end is not known. */
  readonly durationMs: number | undefined;
  readonly attempt: number | undefined;
  readonly isFailed: boolean;
  /** Of the calls in it, each in the innermost task around it. Undefined where none has a price. */
  readonly costUsd: number | undefined;
  readonly tokens: number | undefined;
}

/** So many are listed, in the order of their start; the totals of the report are of all. */
const MAX_TASKS = 2_000;

export function tasks(facts: RunFacts): readonly TaskRecord[] {
  const own = facts.tasks.length > 0 ? facts.tasks : facts.agents.own;
  const members = new Set(own);
  const sums = new Map<SpanNode, { cost: number | undefined; tokens: number | undefined }>();
  for (const call of facts.llm.calls) {
    const task = innermostAbove(call, (node) => members.has(node));
    if (task === undefined) continue;
    const { attributes } = call.row;
    const before = sums.get(task) ?? { cost: undefined, tokens: undefined };
    const tokens = [ATTR_GEN_AI_USAGE_INPUT_TOKENS, ATTR_GEN_AI_USAGE_OUTPUT_TOKENS].map((name) => tokensOf(attributes, name));
    sums.set(task, {
      cost: plus(before.cost, numberOf(attributes, ATTR_SWARMSCOPE_COST_AMOUNT)),
      tokens: tokens.reduce<number | undefined>(plus, before.tokens),
    });
  }
  return own
    .toSorted((a, b) => a.startMs - b.startMs)
    .slice(0, MAX_TASKS)
    .map((node) => ({
      key: keyOf(node),
      type: taskType(node),
      spanId: node.row.spanId,
      startMs: node.startMs,
      durationMs: node.durationMs,
      attempt: numberOf(node.row.attributes, ATTR_SWARMSCOPE_TASK_ATTEMPT_NUMBER),
      isFailed: isFailed(node),
      costUsd: sums.get(node)?.cost,
      tokens: sums.get(node)?.tokens,
    }));
}

const plus = (a: number | undefined, b: number | undefined): number | undefined => (b === undefined ? a : (a ?? 0) + b);
