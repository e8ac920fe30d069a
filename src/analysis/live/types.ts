/** What is told while a run goes on: a finding that is raised when something is wrong now, and withdrawn when it is over. Plain data. */

export const LIVE_KINDS = [
  'hung_agent',
  'human_wait',
  'rate_limit',
  'overload',
  'tool_loop',
  'budget_burn',
  'merge_conflict',
  'orphan',
] as const;

export type LiveKind = (typeof LIVE_KINDS)[number];

/** Names only, each absent where it is not known. */
export interface LiveWhere {
  readonly agent?: string | undefined;
  readonly task?: string | undefined;
  readonly tool?: string | undefined;
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly repository?: string | undefined;
  readonly budget?: string | undefined;
  readonly pid?: number | undefined;
}

/** A span of the run by its ids, in hex. */
export interface LiveEvidence {
  readonly traceId: string;
  readonly spanId: string;
}

/** What a detector claims to hold now. */
export interface Claim {
  /** The same for as long as it is about the same thing: `rate_limit:openai`. */
  readonly id: string;
  /** One line: names and numbers, no content. */
  readonly text: string;
  /** One sentence, imperative. */
  readonly action: string;
  /** Epoch milliseconds: since when it has been so. */
  readonly sinceMs: number;
  /** What was measured, in the unit of the threshold: see thresholds.ts. */
  readonly value: number;
  readonly threshold: number;
  readonly where: LiveWhere;
  /** At most ten, the most telling first. */
  readonly evidence: readonly LiveEvidence[];
}

export interface LiveFinding extends Claim {
  readonly kind: LiveKind;
  readonly severity: 'high' | 'medium';
}

/** `over`: what was told does not hold any more. `run_ended`: it held until the end. */
export type WithdrawnBecause = 'over' | 'run_ended';

export type LiveChange =
  | { readonly state: 'raised'; readonly atMs: number; readonly finding: LiveFinding }
  | { readonly state: 'withdrawn'; readonly atMs: number; readonly finding: LiveFinding; readonly because: WithdrawnBecause };

/** An agent whose processes give no sign: no bytes, no CPU time, no new child. */
export interface SilentProcess {
  readonly pid: number;
  readonly agentName: string;
  readonly sinceMs: number;
  /** `stopped`, `waits_for_child`, `connected`, `quiet`. */
  readonly reason: string;
  readonly child?: string | undefined;
  readonly place?: LiveEvidence | undefined;
}

/** A living process below a starter that has ended. */
export interface LeftProcess {
  readonly pid: number;
  readonly startMs: number;
  readonly executable: string;
  readonly agentName?: string | undefined;
  /** Whoever started it: an agent, or another program that is no shell. */
  readonly starter: string;
  readonly isStarterAgent: boolean;
  readonly starterEndMs: number;
  readonly place?: LiveEvidence | undefined;
}

/** What is known beside telemetry, at the moment of a look. */
export interface Surroundings {
  readonly silent: readonly SilentProcess[];
  readonly left: readonly LeftProcess[];
  /** Whether this process has ended: what it had open will never end. */
  readonly isGone: (pid: number) => boolean;
}
