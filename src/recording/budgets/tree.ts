/** The budgets of a run as a tree: what each was granted, what was spent below it, and what is set aside. */
import { CoveredTime } from './covered-time.ts';
import { problemOf } from './read.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';
import type { AllocationSpec, Amounts, BudgetKind, BudgetLevel, BudgetNotice, BudgetProblem, BudgetSpec, Charge } from './types.ts';

/** Protects from a program that makes a budget for each task: each is six series. */
const MAX_BUDGETS = 300;
const MAX_ALLOCATIONS = 10_000;
/** In percent of the limit, where no policy says otherwise; each is told once. */
export const THRESHOLDS: readonly number[] = [50, 80, 100];
/** Sums of fractions come out a little below what they are. */
const ROUNDING = 1e-9;

type Field = keyof Amounts;

const KINDS: readonly (readonly [kind: BudgetKind, field: Field])[] = [
  ['token', 'tokens'],
  ['cost', 'usd'],
  ['time', 'seconds'],
];

interface Budget {
  spec: BudgetSpec;
  parent: Budget | undefined;
  readonly usage: Record<keyof Amounts, number>;
  /** Limits of the budgets right below and open allocations. */
  readonly granted: Record<keyof Amounts, number>;
  readonly worked: CoveredTime;
  /** The highest threshold that was told. */
  readonly told: Record<keyof Amounts, number>;
}

const nothing = (): Record<keyof Amounts, number> => ({ tokens: 0, usd: 0, seconds: 0 });

export class BudgetTree {
  readonly #budgets = new Map<string, Budget>();
  readonly #byAgent = new Map<string, Budget[]>();
  readonly #byTask = new Map<string, Budget[]>();
  /** Without an agent, a task or a parent: charged by every call. */
  readonly #ofAll: Budget[] = [];
  readonly #allocations = new Map<string, AllocationSpec>();

  /** In percent of the limit, ascending. */
  thresholds = THRESHOLDS;

  get size(): number {
    return this.#budgets.size;
  }

  get allocations(): number {
    return this.#allocations.size;
  }

  has(name: string): boolean {
    return this.#budgets.has(name);
  }

  /** Declared before, in the same words. */
  isKnown(spec: BudgetSpec): boolean {
    const known = this.#budgets.get(spec.name)?.spec;
    return (
      known !== undefined &&
      (['parent', 'agent', 'task', 'tokens', 'usd', 'seconds'] as const).every((field) => known[field] === spec[field])
    );
  }

  /** Why it cannot be declared; undefined where it can. */
  problemOf({ name, parent }: BudgetSpec): BudgetProblem | undefined {
    const label = `budget "${name}"`;
    if (this.#budgets.has(name)) return problemOf(`${label}: name`, 'a name that no other budget has', name);
    if (parent === name) return problemOf(`${label}: parent`, 'another budget than itself', parent);
    if (parent !== undefined && !this.#budgets.has(parent)) return problemOf(`${label}: parent`, 'the name of a declared budget', parent);
    return this.#budgets.size < MAX_BUDGETS ? undefined : problemOf(label, `at most ${MAX_BUDGETS} budgets`, name);
  }

  /** @param at epoch milliseconds: time before it does not count */
  declare(spec: BudgetSpec, at: EpochMs): BudgetNotice[] {
    if (this.problemOf(spec) !== undefined) return [];
    const parent = spec.parent === undefined ? undefined : this.#budgets.get(spec.parent);
    const budget: Budget = { spec, parent, usage: nothing(), granted: nothing(), worked: new CoveredTime(at), told: nothing() };
    this.#budgets.set(spec.name, budget);
    this.#index(budget);
    return parent === undefined ? [] : grant(parent, spec);
  }

  specs(): BudgetSpec[] {
    return [...this.#budgets.values()].map(({ spec }) => spec);
  }

  /** Other limits, another place or another parent: what was spent stays. Told is what that makes of it. */
  amend(spec: BudgetSpec): BudgetNotice[] {
    const budget = this.#budgets.get(spec.name);
    const parent = spec.parent === undefined ? undefined : this.#budgets.get(spec.parent);
    if (budget === undefined || (spec.parent !== undefined && parent === undefined)) return [];
    this.#takeOut(budget);
    budget.spec = spec;
    budget.parent = parent;
    this.#index(budget);
    const granted = parent === undefined ? [] : grant(parent, spec);
    return [
      ...granted,
      ...KINDS.flatMap(([kind, field]) => {
        // What a higher limit leaves behind may be told again.
        const limit = spec[field];
        if (limit !== undefined) budget.told[field] = Math.min(budget.told[field], (budget.usage[field] / limit) * 100);
        return crossed(budget, kind, field, this.thresholds);
      }),
    ];
  }

  /** No call is charged to it any more, and it is in no gauge. */
  retire(name: string): void {
    const budget = this.#budgets.get(name);
    if (budget === undefined) return;
    this.#takeOut(budget);
    this.#budgets.delete(name);
  }

  #index(budget: Budget): void {
    const { spec, parent } = budget;
    if (spec.agent !== undefined) addTo(this.#byAgent, spec.agent, budget);
    else if (spec.task !== undefined) addTo(this.#byTask, spec.task, budget);
    else if (parent === undefined) this.#ofAll.push(budget);
  }

  #takeOut(budget: Budget): void {
    const { spec, parent } = budget;
    const lists = [this.#ofAll, this.#byAgent.get(spec.agent ?? ''), this.#byTask.get(spec.task ?? '')];
    for (const list of lists) {
      const at = list?.indexOf(budget) ?? -1;
      if (at >= 0) list?.splice(at, 1);
    }
    if (parent !== undefined)
      for (const [, field] of KINDS) parent.granted[field] = Math.max(0, parent.granted[field] - (spec[field] ?? 0));
  }

  problemOfAllocation({ budget }: AllocationSpec): BudgetProblem | undefined {
    if (!this.#budgets.has(budget)) return problemOf(`allocation of "${budget}": budget`, 'the name of a declared budget', budget);
    if (this.#allocations.size < MAX_ALLOCATIONS) return undefined;
    return problemOf(`allocation of "${budget}"`, `at most ${MAX_ALLOCATIONS} open allocations`, MAX_ALLOCATIONS);
  }

  allocate(spec: AllocationSpec): BudgetNotice[] {
    const budget = this.#budgets.get(spec.budget);
    if (budget === undefined || this.#allocations.has(spec.id) || this.problemOfAllocation(spec) !== undefined) return [];
    this.#allocations.set(spec.id, spec);
    return grant(budget, spec);
  }

  /** False: no such allocation is open. */
  release(id: string): boolean {
    const spec = this.#allocations.get(id);
    const budget = spec && this.#budgets.get(spec.budget);
    if (spec === undefined || budget === undefined) return false;
    this.#allocations.delete(id);
    for (const [, field] of KINDS) budget.granted[field] = Math.max(0, budget.granted[field] - (spec[field] ?? 0));
    return true;
  }

  isOpen(id: string): boolean {
    return this.#allocations.has(id);
  }

  /** Names of the budgets that a call under these agents and tasks is charged to; what is above them follows. */
  matching(agents: readonly string[], tasks: readonly string[]): string[] {
    const found = this.#ofAll.map(({ spec }) => spec.name);
    for (const agent of agents)
      for (const { spec } of this.#byAgent.get(agent) ?? [])
        if (spec.task === undefined || tasks.includes(spec.task)) found.push(spec.name);
    for (const task of tasks) for (const { spec } of this.#byTask.get(task) ?? []) found.push(spec.name);
    return found;
  }

  /** Each budget is charged once, however many of those below it are. */
  charge({ budgets, spent, time, traceId, spanId }: Charge): BudgetNotice[] {
    const charged = new Set<Budget>();
    for (const name of budgets) for (let at = this.#budgets.get(name); at !== undefined; at = at.parent) charged.add(at);
    const notices: BudgetNotice[] = [];
    for (const budget of charged) {
      const more = { ...spent, seconds: time === undefined ? 0 : budget.worked.add(time.from, time.to) / 1_000 };
      for (const [kind, field] of KINDS) {
        budget.usage[field] += more[field];
        notices.push(...crossed(budget, kind, field, this.thresholds).map((notice) => ({ ...notice, traceId, spanId })));
      }
    }
    return notices;
  }

  /** Whether one of these, or one above them, has a limit of time. */
  isTimed(names: readonly string[]): boolean {
    return names.some((name) => {
      for (let at = this.#budgets.get(name); at !== undefined; at = at.parent) if (at.spec.seconds !== undefined) return true;
      return false;
    });
  }

  *levels(): Iterable<BudgetLevel> {
    for (const { spec, usage } of this.#budgets.values())
      for (const [kind, field] of KINDS) {
        const limit = spec[field];
        if (limit !== undefined) yield { name: spec.name, kind, limit, usage: usage[field] };
      }
  }
}

function crossed(budget: Budget, kind: BudgetKind, field: keyof Amounts, thresholds: readonly number[]): BudgetNotice[] {
  const limit = budget.spec[field];
  if (limit === undefined) return [];
  const amount = budget.usage[field];
  const reached = thresholds.filter((threshold) => threshold > budget.told[field] && (amount / limit) * 100 >= threshold - ROUNDING);
  budget.told[field] = reached.at(-1) ?? budget.told[field];
  return reached.map((threshold) => ({ what: 'threshold', name: budget.spec.name, kind, limit, amount, threshold }));
}

/** A part of the budget goes to a child or an allocation; told when that makes it more than there is. */
function grant(budget: Budget, part: Amounts): BudgetNotice[] {
  return KINDS.flatMap(([kind, field]): BudgetNotice[] => {
    const limit = budget.spec[field];
    const before = budget.granted[field];
    const amount = (budget.granted[field] = before + (part[field] ?? 0));
    const isOver = limit !== undefined && amount > limit * (1 + ROUNDING) && amount > before;
    return isOver ? [{ what: 'overallocated', name: budget.spec.name, kind, limit, amount, threshold: 100 }] : [];
  });
}

function addTo(index: Map<string, Budget[]>, key: string, budget: Budget): void {
  const found = index.get(key);
  if (found === undefined) index.set(key, [budget]);
  else found.push(budget);
}
