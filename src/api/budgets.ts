/** The verbs for budgets: what a run, an agent or a task may spend and how long it may take. Nothing is ever held back by them. */
import { recorderOf } from './recorder-of.ts';

/** Options of {@link budget}; at least one limit. */
export interface BudgetDescription {
  name: string;
  /** The budget that this one is a part of: what is charged here is charged there, once. */
  parent?: string;
  /** Charged by calls under an agent of this name. */
  agent?: string;
  /** Charged by calls under a task of this id or type. */
  task?: string;
  /** Limit of input and output tokens together. */
  tokens?: number;
  /** Limit in US dollars. */
  usd?: number;
  /** Limit in seconds by the clock on the wall in which such work is under way; what is at the same time counts once. */
  seconds?: number;
}

/** What {@link budget} answers. */
export interface Budget {
  readonly name: string;
  /** Why it was refused, with the name of the field. Absent: it is in force, or there is no preload. */
  readonly problem?: string | undefined;
}

/** Options of {@link allocate}; at least one amount. */
export interface AllocationDescription {
  /** Name of the budget that it is taken from. */
  budget: string;
  /** Whom it is for. */
  task?: string;
  tokens?: number;
  usd?: number;
  seconds?: number;
}

/** What {@link allocate} answers, for {@link release}. */
export interface Allocation {
  readonly id: string;
  readonly budget: string;
  /** Why it was refused, with the name of the field. */
  readonly problem?: string | undefined;
}

/**
 * Declares a budget, for all processes of the run: limit, usage and utilisation become gauges, and an event tells when 50, 80
 * and 100 % of a limit are used. With neither `agent`, `task` nor `parent` every call of the run is charged to it.
 * @example budget({ name: 'review', agent: 'reviewer', usd: 2 });
 */
export function budget(description: BudgetDescription): Budget {
  return answer((recorder) => recorder.budget(description), { name: textIn(description, 'name') });
}

/**
 * Sets a part of a budget aside, until it is released. An event tells when more is set aside than the budget has.
 * @example const held = allocate({ budget: 'review', task: change.id, tokens: 20_000 });
 */
export function allocate(description: AllocationDescription): Allocation {
  return answer((recorder) => recorder.allocate(description), { id: '', budget: textIn(description, 'budget') });
}

/** Gives back what `allocate` set aside. Answers why it could not, if so. */
export function release(allocation: Allocation): string | undefined {
  return answer((recorder) => recorder.release(allocation), undefined);
}

type Recorder = NonNullable<ReturnType<typeof recorderOf>>;

function answer<T>(ask: (recorder: Recorder) => T, otherwise: T): T {
  try {
    const recorder = recorderOf();
    return recorder === undefined ? otherwise : ask(recorder);
  } catch {
    // A recorder of another version, which knows no budgets.
    return otherwise;
  }
}

function textIn(given: unknown, field: string): string {
  const value: unknown = typeof given === 'object' && given !== null ? Reflect.get(given, field) : undefined;
  return typeof value === 'string' ? value : '';
}
