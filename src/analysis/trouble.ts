/** What went wrong or never ended: errors, 429s, git conflicts and locks, failed children, open spans. */
import {
  ATTR_ERROR_TYPE,
  ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT,
  ATTR_SWARMSCOPE_GIT_OPERATION_NAME,
  ERROR_TYPE_VALUE_LOCK_HELD,
  ERROR_TYPE_VALUE_MERGE_CONFLICT,
  ERROR_TYPE_VALUE_PROCESS_EXIT,
} from '../semconv/index.ts';
import { isRefused, type Backoff } from './backoff.ts';
import { isHousekeeping } from './housekeeping.ts';
import { isEchoed, isFailedProcess, stopSignal } from './process-end.ts';
import { distributionsBy, type NamedDistribution } from './tasks.ts';
import { numberOf, textOf, type SpanNode, type SpanTree } from './span-tree.ts';

/** Open spans listed by name; more are only counted. */
const MAX_OPEN = 10;

export interface GitReport {
  readonly operations: readonly NamedDistribution[];
  readonly count: number;
  /** Commands that agent CLIs ran for themselves; in no other figure here. */
  readonly housekeeping: number;
  readonly lockFailures: number;
  /** Operations that ended in a merge conflict, and files in conflict where told. */
  readonly conflicts: number;
  readonly conflictFiles: number | undefined;
}

export interface TroubleReport {
  /** Spans by `error.type`, most frequent first; `about` says what a bare number is: `exit code 1`, `HTTP 429`. */
  readonly errors: readonly { readonly type: string; readonly about: string; readonly count: number }[];
  /** Processes that somebody ended by a polite signal: no error. */
  readonly stopped: readonly { readonly signal: string; readonly count: number }[];
  readonly rateLimited: { readonly count: number; /** Refused attempts and the waits after them. */ readonly lostMs: number };
  readonly openCount: number;
  /** Oldest first. */
  readonly open: readonly { readonly name: string; readonly ageMs: number; readonly serviceName: string }[];
}

export interface ChildrenReport {
  readonly count: number;
  readonly failed: number;
  /** Ended by a polite signal. */
  readonly stopped: number;
}

export function summariseGit(tree: SpanTree): GitReport {
  const all = commands(tree, 'git');
  const nodes = all.filter((node) => !isHousekeeping(node));
  const error = (type: string): SpanNode[] => nodes.filter((node) => textOf(node.row.attributes, ATTR_ERROR_TYPE) === type);
  const files = nodes.flatMap((node) => numberOf(node.row.attributes, ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT) ?? []);
  return {
    operations: distributionsBy(nodes, (node) => textOf(node.row.attributes, ATTR_SWARMSCOPE_GIT_OPERATION_NAME) ?? node.row.name),
    count: nodes.length,
    housekeeping: all.length - nodes.length,
    lockFailures: error(ERROR_TYPE_VALUE_LOCK_HELD).length,
    conflicts: error(ERROR_TYPE_VALUE_MERGE_CONFLICT).length,
    conflictFiles: files.length === 0 ? undefined : files.reduce((sum, count) => sum + count, 0),
  };
}

/** Of git seen twice (as a child process, and by its own story below it) only the inner one. */
function commands(tree: SpanTree, kind: 'git'): SpanNode[] {
  return tree.topDown.filter(
    (node) => node.class === kind && !node.children.some((child) => child.class === kind && isSameProcess(node, child)),
  );
}

function isSameProcess(outer: SpanNode, inner: SpanNode): boolean {
  return (
    outer.row.attributes[ATTR_SWARMSCOPE_GIT_OPERATION_NAME] === undefined &&
    inner.row.attributes[ATTR_SWARMSCOPE_GIT_OPERATION_NAME] !== undefined
  );
}

export function summariseChildren(tree: SpanTree): ChildrenReport {
  const nodes = tree.topDown.filter((node) => node.class === 'process');
  return {
    count: nodes.length,
    failed: nodes.filter(isFailedProcess).length,
    stopped: nodes.filter((node) => stopSignal(node) !== undefined).length,
  };
}

export function summariseTrouble(tree: SpanTree, backoffs: readonly Backoff[]): TroubleReport {
  const errors = new Map<string, { type: string; about: string; count: number }>();
  const stopped = new Map<string, number>();
  let refused = 0;
  let lostMs = backoffs.reduce((sum, wait) => sum + wait.endMs - wait.startMs, 0);
  for (const node of tree.topDown) {
    const signal = stopSignal(node);
    if (signal !== undefined) stopped.set(signal, (stopped.get(signal) ?? 0) + 1);
    const type = textOf(node.row.attributes, ATTR_ERROR_TYPE) ?? (node.row.isError ? '_OTHER' : undefined);
    // How the run ended stands in its headline.
    if (type !== undefined && signal === undefined && node.class !== 'run' && !isEchoed(node) && !isHousekeeping(node)) {
      const about = describe(type, node);
      errors.set(about, { type, about, count: (errors.get(about)?.count ?? 0) + 1 });
    }
    if (!isRefused(node)) continue;
    refused++;
    lostMs += node.endMs - node.startMs;
  }
  const open = tree.topDown.filter((node) => node.isOpen).sort((a, b) => a.startMs - b.startMs);
  return {
    errors: [...errors.values()].sort((a, b) => b.count - a.count || a.about.localeCompare(b.about)),
    stopped: [...stopped].map(([signal, count]) => ({ signal, count })).sort((a, b) => b.count - a.count),
    rateLimited: { count: refused, lostMs },
    openCount: open.length,
    open: open
      .slice(0, MAX_OPEN)
      .map((node) => ({ name: node.row.name, ageMs: node.endMs - node.startMs, serviceName: node.row.serviceName })),
  };
}

/** A number alone means an exit code of a process and a status of a call. */
function describe(type: string, { class: kind }: SpanNode): string {
  if (type === ERROR_TYPE_VALUE_PROCESS_EXIT) return 'cut off by the end of the process';
  if (type === '_OTHER') return 'error of an unnamed kind';
  if (/^SIG[A-Z0-9]+$/.test(type)) return `killed by ${type}`;
  if (!/^\d+$/.test(type)) return type;
  return kind === 'llm' || kind === 'other' ? `HTTP ${type}` : `exit code ${type}`;
}
