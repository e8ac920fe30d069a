/** The categories of lane time, and how the time of an occupant is divided: every instant has exactly one category. */
import * as names from '../semconv/index.ts';
import { isKnownFromOutside } from './looked-through.ts';
import { isAgentCli, textOf, type SpanNode } from './span-tree.ts';

/**
 * In order of priority where several are under way at once. `idle` is never inside an occupant, `unobserved` only where a process was
 * seen from outside alone.
 */
export const CATEGORIES = [
  'llm',
  'git',
  'tool',
  'agent',
  'wait:rate_limit',
  'wait:lock',
  'wait:human',
  'wait:gpu',
  'wait:dependency',
  'wait:worker',
  'wait:barrier',
  'wait:orchestrator',
  'wait:unknown',
  'startup',
  'shutdown',
  'other',
  'unobserved',
  'idle',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** The rule as the report prints it. */
export const CATEGORY_RULE =
  'Inside a task the innermost span under way counts; of several at once the first of LLM, git, tool, agent, wait, process start and end, ' +
  'child process, other. A server that is left running counts for nothing.';

/** What is in a category that no span stands for; the text is what the report and the docs print. */
export const ACTIVITY_RULES = [
  { category: 'startup', about: 'process start-up: from launching a process to its first recorded act' },
  { category: 'shutdown', about: 'process end: from the last recorded act of a process to its exit' },
  { category: 'wait:rate_limit', about: 'rate limit: from the end of a refused LLM call to its repetition' },
  { category: 'other', about: 'other: inside a task, and nothing recorded is under way' },
] as const satisfies readonly { category: Category; about: string }[];

export interface Segment {
  readonly startMs: number;
  readonly endMs: number;
  readonly category: Category;
}

/** A part of the time of an occupant, such as a call. `parent` is the nearest activity around it. */
export interface Activity {
  readonly startMs: number;
  readonly endMs: number;
  readonly category: Category;
  readonly parent: Activity | undefined;
  /**
   * Counts only where nothing else does: a child process, which need not be waited for while a wait is declared, and a
   * tool of which no more is known than that it ran between two calls.
   */
  readonly isWeak?: boolean;
}

const KNOWN: ReadonlySet<string> = new Set(CATEGORIES);

export function isCategory(text: string): text is Category {
  return KNOWN.has(text);
}

/** The category of a span's own time. Undefined for HTTP and library spans, where the activity around them counts. */
export function categoryOf(node: SpanNode): Category | undefined {
  switch (node.class) {
    case 'llm':
    case 'git':
    case 'tool':
      return node.class;
    case 'wait': {
      const category = `wait:${textOf(node.row.attributes, names.ATTR_SWARMSCOPE_WAIT_REASON) ?? 'unknown'}`;
      return isCategory(category) ? category : 'wait:unknown';
    }
    case 'process':
      if (isAgentCli(node)) return 'agent';
      if (isKnownFromOutside(node.row)) return 'unobserved';
      return node.hasDeeperWork ? 'other' : 'tool';
    case 'agent':
      return node.hasDeeperWork && !isAgentProcess(node) ? 'other' : 'agent';
    case 'other':
      return undefined;
    default:
      return 'other';
  }
}

/** Whether a span says too little of its time to outweigh a wait that is declared beside it. */
export function isWeak(node: SpanNode): boolean {
  return (node.class === 'process' && !isAgentCli(node)) || isInferredTool(node);
}

/** A tool that was seen only by its result going back to the model. */
export function isInferredTool({ class: kind, row }: SpanNode): boolean {
  return kind === 'tool' && row.attributes[names.ATTR_SWARMSCOPE_TOOL_INFERRED] === true;
}

/** Whether an agent is an agent CLI in a process of its own, whose own time is not that of the program. */
function isAgentProcess(node: SpanNode): boolean {
  return node.children.some(isAgentCli);
}

interface State {
  readonly activity: Activity;
  parent: State | undefined;
  isActive: boolean;
  /** Itself (if active) plus children that are covered. */
  cover: number;
  coveredChildren: number;
}

/** Splits the time of `root` among its activities: leaves compete by the order of `CATEGORIES`. Gapless, O(n log n). */
export function splitOccupant(root: Activity, activities: readonly Activity[]): Segment[] {
  const states = new Map<Activity, State>();
  const state = (activity: Activity): State => {
    const made: State = { activity, parent: undefined, isActive: false, cover: 0, coveredChildren: 0 };
    states.set(activity, made);
    return made;
  };
  state(root);
  const events: { ms: number; isStart: boolean; of: State }[] = [];
  for (const activity of activities) {
    const startMs = Math.max(activity.startMs, root.startMs);
    const endMs = Math.min(activity.endMs, root.endMs);
    const of = state(activity);
    if (startMs < endMs) events.push({ ms: startMs, isStart: true, of }, { ms: endMs, isStart: false, of });
  }
  for (const each of states.values()) each.parent = each.activity.parent === undefined ? undefined : states.get(each.activity.parent);
  events.sort((a, b) => a.ms - b.ms);

  const leaves: Leaves = { strong: new Map(), weak: new Map() };
  const segments: Segment[] = [];
  let from = root.startMs;
  const closeAt = (ms: number): void => {
    if (ms <= from) return;
    const category = topCategory(leaves) ?? root.category;
    const last = segments.at(-1);
    if (last?.category === category) segments[segments.length - 1] = { ...last, endMs: ms };
    else segments.push({ startMs: from, endMs: ms, category });
    from = ms;
  };
  for (const event of events) {
    closeAt(event.ms);
    change(event.of, event.isStart, leaves);
  }
  closeAt(root.endMs);
  return segments;
}

/** What an instant is where nothing that says more of it is under way. */
const REST: readonly Category[] = ['other', 'unobserved'];
const SAYING = CATEGORIES.filter((category) => !REST.includes(category));

/** How many innermost activities of each category are under way. */
interface Leaves {
  readonly strong: Map<Category, number>;
  readonly weak: Map<Category, number>;
}

function topCategory({ strong, weak }: Leaves): Category | undefined {
  const first = (of: ReadonlyMap<Category, number>): Category | undefined => SAYING.find((category) => (of.get(category) ?? 0) > 0);
  const rest = (category: Category): boolean => [strong, weak].some((of) => (of.get(category) ?? 0) > 0);
  return first(strong) ?? first(weak) ?? REST.find(rest);
}

/** Starts or ends one activity, and tells the activities around it whether anything inside them is still under way. */
function change(of: State, isStart: boolean, leaves: Leaves): void {
  const step = isStart ? 1 : -1;
  const count = ({ activity: { category, isWeak: weak } }: State, by: number): void => {
    const leaf = weak === true ? leaves.weak : leaves.strong;
    leaf.set(category, (leaf.get(category) ?? 0) + by);
  };
  of.isActive = isStart;
  if (of.coveredChildren === 0) count(of, step);
  for (let at: State | undefined = of; at !== undefined; at = at.parent) {
    const wasCovered: boolean = at.cover > 0;
    at.cover += step;
    if (wasCovered === at.cover > 0 || at.parent === undefined) return;
    const hadChildren = at.parent.coveredChildren > 0;
    at.parent.coveredChildren += step;
    if (at.parent.isActive && hadChildren !== at.parent.coveredChildren > 0) count(at.parent, -step);
  }
}
