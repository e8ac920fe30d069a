/** Small runs for the tests of findings: tasks in lanes, with calls inside. */
import type { Attributes, RunData, SpanRow } from '../../../src/analysis/model.ts';
import type { Finding, FindingKind } from '../../../src/analysis/index.ts';
import { analyse } from '../../../src/analysis/index.ts';
import * as words from '../../../src/semconv/index.ts';
import { llm, limit, run, span, task, tokens } from '../hand-built.ts';

export interface TaskSketch {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly parent?: string;
  readonly type?: string;
  readonly needs?: readonly string[];
  readonly attempt?: number;
  readonly attributes?: Attributes;
  readonly isError?: boolean;
  /** What happens inside, in seconds since the start of the task. Default: one call that takes the whole time. */
  readonly inside?: readonly [from: number, to: number, attributes: Attributes, isError?: boolean][];
}

export const one = ({
  id,
  from,
  to,
  parent,
  type = 'implement',
  needs,
  attempt,
  attributes = {},
  isError = false,
  inside,
}: TaskSketch): SpanRow[] => {
  const acts = inside ?? [[0, to - from, llm(tokens(1_000, 100))]];
  return [
    span({
      id,
      parent,
      from,
      to,
      isError,
      attributes: task(type, {
        [words.ATTR_SWARMSCOPE_TASK_ID]: id.split('#')[0] ?? id,
        ...(needs === undefined ? {} : { [words.ATTR_SWARMSCOPE_TASK_DEPENDENCY_IDS]: needs }),
        ...(attempt === undefined ? {} : { [words.ATTR_SWARMSCOPE_TASK_ATTEMPT_NUMBER]: attempt }),
        ...attributes,
      }),
    }),
    ...acts.map(([start, end, its, isFailed = false], index) =>
      span({ id: `${id}.${index}`, parent: id, from: from + start, to: from + end, isError: isFailed, attributes: its }),
    ),
  ];
};

/** A run of tasks in one pool, as long as the last of them. */
export function swarmOf(
  tasks: readonly TaskSketch[],
  { slots, more = [], seconds }: { slots?: number; more?: readonly SpanRow[]; seconds?: number } = {},
): RunData {
  const end = seconds ?? Math.max(...tasks.map(({ to }) => to));
  return run(end, [...tasks.flatMap(one), ...more], slots === undefined ? [] : [limit('', slots)]);
}

export function findingsIn(data: RunData): readonly Finding[] {
  return analyse(data).findings;
}

export function kindsIn(data: RunData): FindingKind[] {
  return findingsIn(data).map(({ kind }) => kind);
}

export function findingOf(data: RunData, kind: FindingKind): Finding {
  const found = findingsIn(data).find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} among ${kindsIn(data).join() || 'no findings'}`);
  return found;
}
