/** Budgets as programs declare them, and what the processes of a run tell each other of them. */
import type { EpochMs } from '../../semconv/telemetry.ts';

export type BudgetKind = 'token' | 'cost' | 'time';

/** What is granted, spent or set aside. */
export interface Amounts {
  /** Input and output tokens together. */
  readonly tokens?: number | undefined;
  readonly usd?: number | undefined;
  /** Seconds in which the work was under way. */
  readonly seconds?: number | undefined;
}

/** Of one call. */
export type Spent = Readonly<Record<'tokens' | 'usd', number>>;

/** From when to when work was under way, by the clock of the run. */
export interface Stretch {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface BudgetSpec extends Amounts {
  readonly name: string;
  /** The budget that this one is a part of. */
  readonly parent?: string | undefined;
  /** Charged by calls under an agent of this name. */
  readonly agent?: string | undefined;
  /** Charged by calls under a task of this id or type. */
  readonly task?: string | undefined;
}

export interface AllocationSpec extends Amounts {
  readonly id: string;
  readonly budget: string;
  readonly task?: string | undefined;
}

/** One LLM call, or time of a task or agent: the budgets that name it; what is above them is found where they are kept. */
export interface Charge {
  readonly budgets: readonly string[];
  readonly spent: Spent;
  readonly time?: Stretch | undefined;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

export type BudgetMessage =
  | { readonly declare: BudgetSpec; /** Nothing before it counts. */ readonly at?: EpochMs | undefined }
  | { readonly amend: BudgetSpec }
  | { readonly retire: string }
  | { readonly allocate: AllocationSpec }
  | { readonly release: string }
  | { readonly charge: Charge };

/** What was refused, in the form in which `doctor` shows settings. */
export interface BudgetProblem {
  /** `budget "coder": tokens`. */
  readonly field: string;
  readonly expected: string;
  readonly received: string;
}

/** What is to be told of a budget. */
export interface BudgetNotice {
  readonly what: 'threshold' | 'overallocated';
  readonly name: string;
  readonly kind: BudgetKind;
  readonly limit: number;
  /** What was spent, or set aside. */
  readonly amount: number;
  /** In percent of the limit. */
  readonly threshold: number;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

/** One kind of one budget, as a gauge shows it. */
export interface BudgetLevel {
  readonly name: string;
  readonly kind: BudgetKind;
  readonly limit: number;
  readonly usage: number;
}

/** How a process reaches the process that keeps the budgets of the run. */
export interface BudgetLink {
  /** This process keeps them. */
  readonly isRoot: boolean;
  /** Hands on to the root, and what is declared to everybody. False: there is nobody to hand it to. */
  tell(message: BudgetMessage): boolean;
  /** Whether anything was ever told in this run; cheap, for each LLM call. */
  hasAny(): boolean;
  /** What was told since it was last asked, by all processes; charges for the root alone. */
  news(): BudgetMessage[];
}

/** The answer to a declaration: `problem` names the field that was wrong, and nothing was taken. */
export interface BudgetAnswer {
  readonly name: string;
  readonly problem?: string | undefined;
}

export interface AllocationAnswer {
  readonly id: string;
  readonly budget: string;
  readonly problem?: string | undefined;
}

/** The verbs of the recorder for budgets; what they are given comes from the program as it is. */
export interface BudgetVerbs {
  budget(given: unknown): BudgetAnswer;
  allocate(given: unknown): AllocationAnswer;
  /** Answers the problem, if there was one. */
  release(given: unknown): string | undefined;
}
