/** What needs a person, and who waits on whom: pure, from what the lanes do now. Times are milliseconds since the start of the run. */
import type { Category } from './categories.ts';
import { groupBy } from './group-by.ts';

export type NeedKind = 'human' | 'silent' | 'failed' | 'lock' | 'rate_limit' | 'gpu' | 'dependency' | 'worker' | 'barrier' | 'finding';

/** A card of "needs you", or of who waits on whom. */
export interface Need {
  /** Stays the same while it is about the same thing. */
  readonly id: string;
  readonly kind: NeedKind;
  /** Whether a person must act: else it only tells who waits on whom. */
  readonly isUrgent: boolean;
  /** One line to show. */
  readonly text: string;
  /** Since when the one that waits longest does. */
  readonly since: number;
  readonly lanes: readonly number[];
  /** Rows of the tasks. */
  readonly tasks: readonly number[];
  /** What all of them wait for, where it has a name. */
  readonly target?: string | undefined;
  /** Row of the task that holds it, where known. */
  readonly holder?: number | undefined;
}

/** One lane in use, as it is now. */
export interface LaneNow {
  readonly lane: number;
  /** Row of the task in it. */
  readonly task: number;
  readonly label: string;
  readonly category: Category;
  /** Of the innermost span under way. */
  readonly name?: string | undefined;
  readonly since: number;
  /** The last sign of life. */
  readonly sign: number;
  /** What it waits for, by name. */
  readonly target?: string | undefined;
  /** Of the git repository in which it works. */
  readonly repository?: string | undefined;
}

export interface FailedTask {
  readonly task: number;
  readonly lane: number;
  readonly label: string;
  readonly end: number;
}

export interface Situation {
  readonly now: number;
  readonly lanes: readonly LaneNow[];
  /** Those that are not yet told, the last one first. */
  readonly failed: readonly FailedTask[];
  /** Without a sign for so long a task is silent. */
  readonly silentAfterMs: number;
}

/** A wait for a person that is shorter is not worth a card. */
const HUMAN_MS = 2_000;
/** Named in one line. */
const MAX_NAMED = 3;

const WAITS = {
  'wait:lock': { kind: 'lock', what: 'a lock' },
  'wait:rate_limit': { kind: 'rate_limit', what: 'a rate limit' },
  'wait:gpu': { kind: 'gpu', what: 'a GPU' },
  'wait:dependency': { kind: 'dependency', what: 'what they depend on' },
  'wait:worker': { kind: 'worker', what: 'a free worker' },
  'wait:barrier': { kind: 'barrier', what: 'the others of their batch' },
} as const satisfies Partial<Record<Category, { kind: NeedKind; what: string }>>;

/** Urgent ones first, then by the number of lanes, the longest wait first. */
export function findNeeds({ now, lanes, failed, silentAfterMs }: Situation): Need[] {
  const needs: Need[] = [];
  const humans = lanes.filter(({ category, since }) => category === 'wait:human' && now - since >= HUMAN_MS);
  if (humans.length > 0) needs.push(needOf('human', humans, `${tasksOf(humans)} for a person`, true));
  const silent = lanes.filter(({ category, sign }) => category !== 'wait:human' && now - sign > silentAfterMs);
  if (silent.length > 0)
    needs.push({ ...needOf('silent', silent, saidOf(silent), true), since: Math.min(...silent.map(({ sign }) => sign)) });
  if (failed.length > 0) {
    const since = Math.min(...failed.map(({ end }) => end));
    const text = `${failed.length === 1 ? '1 task has' : `${failed.length} tasks have`} failed: ${named(failed.map(({ label }) => label))}`;
    needs.push({
      id: 'failed',
      kind: 'failed',
      isUrgent: true,
      text,
      since,
      lanes: lanesOf(failed),
      tasks: failed.map(({ task }) => task),
    });
  }
  for (const [category, { kind, what }] of Object.entries(WAITS)) {
    const waiting = lanes.filter((lane) => lane.category === category);
    for (const [target, own] of groupBy(waiting, (lane) => lane.target ?? '')) {
      const holder = kind === 'lock' ? holderOf(own, lanes) : undefined;
      const held = holder === undefined ? '' : `, held by ${holder.label}`;
      const text = `${tasksOf(own)} for ${target === '' ? what : target}${held}`;
      needs.push({
        ...needOf(kind, own, text, false),
        id: `${kind}:${target}`,
        ...(target === '' ? {} : { target }),
        ...(holder === undefined ? {} : { holder: holder.task }),
      });
    }
  }
  return needs.sort(
    (a, b) => Number(b.isUrgent) - Number(a.isUrgent) || (a.isUrgent ? 0 : b.tasks.length - a.tasks.length || a.since - b.since),
  );
}

function needOf(kind: NeedKind, own: readonly LaneNow[], text: string, isUrgent: boolean): Need {
  const oldestFirst = own.toSorted((a, b) => a.since - b.since);
  return {
    id: kind,
    kind,
    isUrgent,
    text,
    since: oldestFirst[0]?.since ?? 0,
    lanes: lanesOf(oldestFirst),
    tasks: oldestFirst.map(({ task }) => task),
  };
}

const lanesOf = (own: readonly { readonly lane: number }[]): number[] => own.map(({ lane }) => lane).filter((lane) => lane >= 0);

const tasksOf = (own: readonly LaneNow[]): string => (own.length === 1 ? `${own[0]?.label ?? '1 task'} waits` : `${own.length} tasks wait`);

const saidOf = (silent: readonly LaneNow[]): string =>
  `${silent.length === 1 ? '1 task is' : `${silent.length} tasks are`} silent: ${named(silent.map(({ label, name }) => (name === undefined ? label : `${label} in ${name}`)))}`;

function named(labels: readonly string[]): string {
  const rest = labels.length - MAX_NAMED;
  return `${labels.slice(0, MAX_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Nobody says who holds git's lock: the one command of git that is under way in the same repository and does not wait. */
function holderOf(waiting: readonly LaneNow[], lanes: readonly LaneNow[]): LaneNow | undefined {
  const repositories = new Set(waiting.map(({ repository }) => repository));
  repositories.delete(undefined);
  if (repositories.size !== 1) return undefined;
  const [holder, ...others] = lanes.filter(({ category, repository }) => category === 'git' && repositories.has(repository));
  return others.length === 0 ? holder : undefined;
}
