/** What a finding is: a cause without which the run would have been shorter or cheaper, with its evidence. */
import type { Schedule } from '../schedule/index.ts';
import type { SpanNode } from '../span-tree.ts';
import type { Losses } from './losses.ts';

/** The kinds, in the order in which equal findings are listed. What each means: docs/answers.md. */
export const FINDING_KINDS = [
  'barrier',
  'straggler',
  'serial_orchestrator',
  'dependency_chain',
  'too_few_workers',
  'too_many_workers',
  'rate_limit',
  'lock_contention',
  'human_wait',
  'process_startup',
  'workspace_setup',
  'tool_loop',
  'hung_agent',
  'rework',
  'merge_conflict',
  'gpu_queue',
  'slow_llm',
  'cpu_contention',
  'context_bloat',
  'cache_miss',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** `high` from 30 % of the wall time or the cost, `medium` from 15 %. */
  readonly severity: 'high' | 'medium' | 'low';
  /** By how much the run would have been shorter: a point, and a band that should hold the truth nine times of ten. */
  readonly recoverableSeconds: { readonly value: number; readonly low: number; readonly high: number };
  /** 0 where it costs no money, or where no price is known. */
  readonly recoverableUsd: number;
  /** Probability that the kind is present, 0 to 1. */
  readonly confidence: number;
  /** At most ten spans, the most telling first. */
  readonly evidence: { readonly spanIds: readonly string[] };
  /** What must hold for the number. */
  readonly assumptions: readonly string[];
  /** One sentence: what to do. */
  readonly action: string;
  /** Names only. */
  readonly where: Readonly<Record<string, readonly string[]>>;
}

/** What one kind found, before it is compared with the run as a whole. */
export interface Candidate {
  readonly savedMs: number;
  /** Default: a tenth to either side, wider where the replay misses the run. */
  readonly lowMs?: number | undefined;
  readonly highMs?: number | undefined;
  readonly usd?: number | undefined;
  readonly confidence: number;
  readonly evidence: readonly SpanNode[];
  readonly assumptions: readonly string[];
  readonly action: string;
  readonly where?: Readonly<Record<string, readonly (string | undefined)[]>>;
}

/** What the kinds look at. */
export interface Examined {
  readonly schedule: Schedule;
  readonly losses: Losses;
  /** USD of all priced calls. */
  readonly costUsd: number;
}

export interface FindingRule {
  readonly kind: FindingKind;
  /** Undefined where there is no sign of it. What it saves may be too little: the catalogue decides. */
  readonly find: (examined: Examined) => Candidate | undefined;
}

/** `12 s`, `3m 20s`: for sentences. */
export function spoken(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
}

export function spokenTimes(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
