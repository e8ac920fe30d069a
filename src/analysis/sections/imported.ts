/** Of a run that was read from files or from Tempo: where it came from, and what such a record cannot tell. */
import { ATTR_SWARMSCOPE_COST_AMOUNT, ATTR_SWARMSCOPE_TASK_DEPENDENCY_IDS } from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { numberOf, type SpanClass } from '../span-tree.ts';

export interface Imported {
  readonly sources: readonly string[];
  readonly traces: number;
  /** What nobody can tell from this record, and what follows from that. */
  readonly unknown: readonly Unknown[];
}

export interface Unknown {
  readonly what: (typeof QUESTIONS)[number]['what'];
  readonly about: string;
}

/** undefined: recorded by swarmscope itself, which looked at all of these. */
export function imported(facts: RunFacts): Imported | undefined {
  const { source } = facts.data;
  if (source === undefined) return undefined;
  return {
    sources: source.names,
    traces: source.traces,
    unknown: QUESTIONS.filter(({ isKnown }) => !isKnown(facts)).map(({ what, about }) => ({ what, about })),
  };
}

const hasAny =
  (...kinds: readonly SpanClass[]) =>
  ({ tree }: RunFacts): boolean =>
    tree.topDown.some((node) => kinds.includes(node.class));

const hasSeries =
  (name: RegExp) =>
  ({ data }: RunFacts): boolean =>
    data.series.some((each) => name.test(each.name));

interface Question {
  readonly what: string;
  readonly about: string;
  readonly isKnown: (facts: RunFacts) => boolean;
}

const QUESTIONS = [
  {
    what: 'spans',
    about: 'no span was read, so nothing is known of where time went',
    isKnown: ({ tree }) => tree.topDown.length > 0,
  },
  {
    what: 'tasks',
    about: 'no task was told: lanes are those of agents, calls or commands, and nothing says what was one piece of work',
    isKnown: ({ tasks }) => tasks.length > 0,
  },
  {
    what: 'dependencies',
    about: 'no task names the tasks that it waited for, so a barrier cannot be told from a chain of dependencies',
    isKnown: ({ tasks }) =>
      tasks.length === 0 || tasks.some(({ row }) => row.attributes[ATTR_SWARMSCOPE_TASK_DEPENDENCY_IDS] !== undefined),
  },
  {
    what: 'waits',
    about: 'no wait was declared (locks, people, GPUs): such time counts as what was around it, or as other',
    isKnown: hasAny('wait'),
  },
  {
    what: 'worker limit',
    about: 'no limit of workers was told: there are as many lanes as were taken at once, and idle slots do not show',
    isKnown: ({ lanes }) => lanes.limit !== undefined,
  },
  {
    what: 'calls',
    about: 'no LLM call was told: no tokens, no cost, no time of models',
    isKnown: ({ llm }) => llm.calls.size > 0,
  },
  {
    what: 'cost',
    about: 'no call has a price: it tells no tokens, or the model is in no price table',
    isKnown: ({ llm }) =>
      llm.calls.size === 0 || [...llm.calls].some(({ row }) => numberOf(row.attributes, ATTR_SWARMSCOPE_COST_AMOUNT) !== undefined),
  },
  {
    what: 'processes',
    about: 'no process was told: starting and ending processes, and programs that tell nothing, cannot be seen',
    isKnown: hasAny('process'),
  },
  { what: 'git', about: 'no git command was told: no conflicts, no locks', isKnown: hasAny('git') },
  { what: 'machine', about: 'no CPU was measured: a machine that was too small does not show', isKnown: hasSeries(/^system\.cpu\./) },
  { what: 'exit', about: 'how the run ended is not in such a record', isKnown: ({ data }) => data.run.exitCode !== undefined },
] as const satisfies readonly Question[];
