/** What went wrong or never ended: errors, refused calls (429, 503), stopped processes, open spans. */
import { ATTR_ERROR_TYPE, ATTR_PROCESS_EXIT_CODE, ERROR_TYPE_VALUE_PROCESS_EXIT } from '../../semconv/index.ts';
import { countReasons, isHttpAttempt, type RefusalCount } from '../backoff.ts';
import type { RunFacts } from '../facts.ts';
import { isEchoed, isFailed, stopSignal } from '../process-end.ts';
import { numberOf, textOf, type SpanNode } from '../span-tree.ts';

/** At most this many open spans are listed by name. All are counted. */
const MAX_OPEN = 10;

export interface TroubleReport {
  /** Spans by `error.type`, most frequent first; `about` says what a bare number is: `exit code 1`, `HTTP 429`. */
  readonly errors: readonly { readonly type: string; readonly about: string; readonly count: number }[];
  /** Processes that were asked to end by a signal such as SIGTERM. That is no error. */
  readonly stopped: readonly { readonly signal: string; readonly count: number }[];
  readonly rateLimited: {
    readonly count: number;
    readonly reasons: readonly RefusalCount[];
    /** Refused attempts and the waits after them. */
    readonly lostMs: number;
  };
  readonly openCount: number;
  /** Oldest first. */
  readonly open: readonly { readonly name: string; readonly ageMs: number; readonly serviceName: string }[];
}

export function trouble(facts: RunFacts): TroubleReport {
  const { tree, backoffs, refusals } = facts;
  const errors = new Map<string, { type: string; about: string; count: number }>();
  const stopped = new Map<string, number>();
  for (const node of tree.topDown) {
    const signal = stopSignal(node);
    if (signal !== undefined) stopped.set(signal, (stopped.get(signal) ?? 0) + 1);
    const type = isCounted(node, facts) ? errorOf(node) : undefined;
    if (type === undefined) continue;
    const about = describe(type, node);
    errors.set(about, { type, about, count: (errors.get(about)?.count ?? 0) + 1 });
  }
  const lost = [...backoffs, ...refusals.keys()];
  const open = tree.topDown.filter((node) => node.isOpen && node.class !== 'run').sort((a, b) => a.startMs - b.startMs);
  return {
    errors: [...errors.values()].sort((a, b) => b.count - a.count || a.about.localeCompare(b.about)),
    stopped: [...stopped].map(([signal, count]) => ({ signal, count })).sort((a, b) => b.count - a.count),
    rateLimited: {
      count: refusals.size,
      reasons: countReasons([...refusals.values()]),
      lostMs: lost.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
    },
    openCount: open.length,
    open: open
      .slice(0, MAX_OPEN)
      .map((node) => ({ name: node.row.name, ageMs: node.endMs - node.startMs, serviceName: node.row.serviceName })),
  };
}

/** How the run itself ended is in the headline, and what is counted nowhere else is no trouble either. */
function isCounted(node: SpanNode, { llm, git }: RunFacts): boolean {
  if (node.class === 'run') return false;
  if (node.class === 'git') return git.own.has(node);
  // An agent that failed because its process did has failed once.
  if (node.class === 'agent') return !node.children.some((below) => below.class === 'process' && isSameError(below, node));
  return node.class !== 'llm' || (llm.calls.has(node) && !hasFailedBelow(node));
}

function isSameError(process: SpanNode, agent: SpanNode): boolean {
  const type = errorOf(process);
  return type !== undefined && type === errorOf(agent);
}

/** Whether the failure of a library's call is the failure of its last attempt, which is told by itself. */
function hasFailedBelow(call: SpanNode): boolean {
  const attempts = call.children.filter(isHttpAttempt);
  const lastStartMs = Math.max(...attempts.map(({ startMs }) => startMs));
  return attempts.some((attempt) => attempt.startMs === lastStartMs && isFailed(attempt));
}

/** A process whose parent ended first is not known to have failed, but that its end is not known is told. */
function errorOf(node: SpanNode): string | undefined {
  const type = textOf(node.row.attributes, ATTR_ERROR_TYPE);
  if (type === ERROR_TYPE_VALUE_PROCESS_EXIT && !isEchoed(node)) return type;
  if (!isFailed(node)) return undefined;
  const code = node.class === 'process' ? numberOf(node.row.attributes, ATTR_PROCESS_EXIT_CODE) : undefined;
  return type ?? (code === undefined ? '_OTHER' : String(code));
}

/** An `error.type` that is only a number is the exit code of a process or the HTTP status of a call. */
function describe(type: string, { class: kind }: SpanNode): string {
  if (type === ERROR_TYPE_VALUE_PROCESS_EXIT) return 'cut off by the end of the process';
  if (type === '_OTHER') return 'error of an unnamed kind';
  if (/^SIG[A-Z0-9]+$/.test(type)) return `killed by ${type}`;
  if (!/^\d+$/.test(type)) return type;
  return kind === 'llm' || kind === 'other' ? `HTTP ${type}` : `exit code ${type}`;
}
