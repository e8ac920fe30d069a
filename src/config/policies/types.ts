/** Policies: what may change while a swarm runs. One set of them is in force in all processes of a run, under one version. */

/** What is absent is as the settings say. */
export interface Policies {
  /** Share of the pieces of work whose spans are recorded, 0 to 1. Metrics count all of them. */
  readonly sampling?: number;
  /** Observers that record nothing, by name. */
  readonly observersOff?: readonly string[];
  /** Time between two readings of GPUs. */
  readonly gpuIntervalMs?: number;
  /** Shares of the limit of a budget that are told, in percent. */
  readonly budgetThresholds?: readonly number[];
  /** Whether content is captured. Never from a file: agents write in the working tree. */
  readonly content?: PolicyContent;
}

/** In the words of `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`. */
export const CONTENT_WORDS = { NO_CONTENT: 'off', SPAN_ONLY: 'span', EVENT_ONLY: 'event', SPAN_AND_EVENT: 'both' } as const;
export type PolicyContent = keyof typeof CONTENT_WORDS;

/** What crosses from the root of a run to its other processes. */
export interface PolicyState {
  /** Grows by one with each change, also with one that goes back to an earlier version. 0: none was ever set. */
  readonly version: number;
  readonly policies: Policies;
  /** Of the run's own span: what has no other trace above it may still be left out. */
  readonly runTraceId?: string | undefined;
}

/** What was refused; nothing of it is in force. */
export interface PolicyProblem {
  /** `policies.sampling`. */
  readonly field: string;
  readonly expected: string;
  readonly received: string;
}

/** Where a change came from. */
export type PolicySource = 'file' | 'signal' | 'api' | 'rollback';

/** What a process may ask the root of its run for. */
export type PolicyAsk = { readonly change: unknown } | { readonly rollback: unknown };

export interface PolicyAnswer {
  /** In force now. */
  readonly version: number;
  /** Why nothing was changed, with the name of the field. */
  readonly problem?: string | undefined;
}

/** The verbs of the recorder for policies. */
export interface PolicyVerbs {
  /** In force in this process. */
  policies(): { readonly version: number; readonly policies: Policies };
  /** Asks the root of the run. Never rejects. */
  askPolicies(ask: PolicyAsk): Promise<PolicyAnswer>;
}
