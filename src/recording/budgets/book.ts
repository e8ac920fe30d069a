/** The budgets as one process knows them: the root of the run keeps what was spent, the others what is declared. */
import { readAllocation, readBudget, sentenceOf } from './read.ts';
import { changeOf, type ListChange } from './configured.ts';
import { placeOf } from './place.ts';
import { BudgetTree, THRESHOLDS } from './tree.ts';
import { WorkTime, type Work, type WorkStretch } from './work-time.ts';
import type {
  AllocationAnswer,
  BudgetAnswer,
  BudgetLevel,
  BudgetLink,
  BudgetMessage,
  BudgetNotice,
  BudgetProblem,
  BudgetSpec,
  Spent,
  Stretch,
} from './types.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';

/** Kept for `doctor`. */
const MAX_PROBLEMS = 50;

export interface BookOptions {
  readonly count: (name: string) => void;
  readonly now: () => EpochMs;
  /** Told at the root, as soon as it is known there. */
  readonly onNotice: (notice: BudgetNotice) => void;
  /** Of the process that started this one: it is charged to them, too. */
  readonly inherited: readonly string[];
}

export interface CallSpent {
  readonly spent: Spent;
  readonly time?: Stretch | undefined;
  readonly agents: readonly string[];
  readonly tasks: readonly string[];
  readonly traceId: string;
  readonly spanId: string;
}

export class BudgetBook {
  readonly #options: BookOptions;
  readonly #tree = new BudgetTree();
  readonly #work = new WorkTime();
  readonly #problems: BudgetProblem[] = [];
  #link: BudgetLink | undefined;
  #begin: (() => void) | undefined;

  constructor(options: BookOptions) {
    this.#options = options;
  }

  /** `begin` declares what is configured; called at the first use, since then there is an assembly to tell by. */
  connect(link: BudgetLink, begin: () => void): void {
    this.#link = link;
    this.#begin = begin;
  }

  get problems(): readonly BudgetProblem[] {
    return this.#problems;
  }

  get size(): number {
    return this.#tree.size;
  }

  /** Asked at each LLM call. */
  get isEmpty(): boolean {
    this.#beginOnce();
    return this.#tree.size === 0 && this.#link?.hasAny() !== true;
  }

  declare(given: unknown): BudgetAnswer {
    const name = nameIn(given, 'name');
    const { value, problem } = readBudget(given);
    if (problem !== undefined) return { name, problem: this.refuse(problem) };
    this.refresh();
    if (this.#tree.isKnown(value)) {
      this.#options.count('budget.declared-again');
      return { name };
    }
    const fault = this.#tree.problemOf(value);
    if (fault !== undefined) return { name, problem: this.refuse(fault) };
    this.#tell({ declare: value, at: this.#options.now() });
    return { name };
  }

  /** Those of a config file, in any order: a parent may come after its child. */
  declareAll(all: readonly unknown[]): string[] {
    const problems: string[] = [];
    const waiting: BudgetSpec[] = [];
    for (const given of all) {
      const { value, problem } = readBudget(given);
      if (problem === undefined) waiting.push(value);
      else problems.push(this.refuse(problem));
    }
    let isProgress = true;
    while (isProgress) {
      isProgress = false;
      for (const spec of [...waiting]) {
        const isUnready = spec.parent !== undefined && !this.#tree.has(spec.parent) && waiting.some(({ name }) => name === spec.parent);
        if (isUnready) continue;
        waiting.splice(waiting.indexOf(spec), 1);
        isProgress = true;
        const { problem } = this.declare(spec);
        if (problem !== undefined) problems.push(problem);
      }
    }
    for (const { name, parent = '' } of waiting)
      problems.push(this.refuse({ field: `budget "${name}": parent`, expected: 'no cycle of parents', received: JSON.stringify(parent) }));
    return problems;
  }

  /** In percent of the limit, ascending; undefined: as at the start. */
  useThresholds(thresholds: readonly number[] | undefined): void {
    this.#tree.thresholds = thresholds === undefined ? THRESHOLDS : [...thresholds].sort((a, b) => a - b);
  }

  /** What a list of budgets in place of `before` would change; nothing is changed by this. */
  changeOf(list: unknown, before: ReadonlySet<string>): ListChange {
    this.refresh();
    return changeOf(list, { now: this.#tree.specs(), before });
  }

  /** For all processes of the run. */
  change(messages: readonly BudgetMessage[]): void {
    for (const message of messages) this.#tell(message);
  }

  allocate(given: unknown): AllocationAnswer {
    const budget = nameIn(given, 'budget');
    const { value, problem } = readAllocation(given);
    if (problem !== undefined) return { id: '', budget, problem: this.refuse(problem) };
    this.refresh();
    const fault = this.#tree.problemOfAllocation(value);
    if (fault !== undefined) return { id: '', budget, problem: this.refuse(fault) };
    this.#tell({ allocate: value });
    return { id: value.id, budget };
  }

  release(given: unknown): string | undefined {
    const id = nameIn(given, 'id');
    this.refresh();
    if (!this.#tree.isOpen(id)) {
      const received = id === '' ? 'none' : 'one that is not open';
      return this.refuse({ field: `release of "${nameIn(given, 'budget')}": id`, expected: 'an open allocation', received });
    }
    this.#tell({ release: id });
    return undefined;
  }

  charge({ spent, time, agents, tasks, traceId, spanId }: CallSpent): void {
    this.refresh();
    const budgets = this.matching(agents, tasks);
    if (budgets.length > 0) this.#tell({ charge: { budgets, spent, time, traceId, spanId } });
  }

  /** Whether a task or an agent is under way. */
  get hasOpenWork(): boolean {
    return this.#work.size > 0;
  }

  /** Called where a task or an agent begins while none was under way. */
  onWork: () => void = () => undefined;

  /** A task or an agent begins. */
  workStarted(work: Work): void {
    this.#work.started(work);
    if (this.#work.size === 1) this.onWork();
  }

  workEnded(work: Work, endTime: EpochMs): void {
    const stretch = this.#work.ended(work, endTime);
    if (stretch !== undefined && !this.isEmpty) this.#chargeTime([stretch]);
  }

  /** Charges the time that passed in tasks and agents under way, so that an overrun is told before they end. */
  chargeOpenWork(): void {
    const stretches = this.#work.passed(this.#options.now());
    if (stretches.length > 0 && !this.isEmpty) this.#chargeTime(stretches);
  }

  /** One charge for all that began at the same moment: as a rule, at the last look. */
  #chargeTime(stretches: readonly WorkStretch[]): void {
    this.refresh();
    const first = new Map<string, WorkStretch>();
    for (const stretch of stretches) {
      const { agents, tasks } = placeOf(stretch.work.frame);
      for (const name of this.matching(agents, tasks))
        if (this.#tree.isTimed([name]) && stretch.from < (first.get(name)?.from ?? Infinity)) first.set(name, stretch);
    }
    for (const stretch of new Set(first.values())) {
      const { from, to, work } = stretch;
      const { traceId, spanId } = work;
      const budgets = [...first.keys()].filter((name) => first.get(name) === stretch);
      if (from < to) this.#tell({ charge: { budgets, spent: { tokens: 0, usd: 0 }, time: { from, to }, traceId, spanId } });
    }
  }

  /** Of a call here, by what it runs under and by what this process was started under. */
  matching(agents: readonly string[], tasks: readonly string[]): string[] {
    return [...this.#options.inherited, ...this.#tree.matching(agents, tasks)];
  }

  /** Takes what other processes told meanwhile. */
  refresh(): void {
    this.#beginOnce();
    for (const message of this.#link?.news() ?? []) this.#apply(message);
  }

  levels(): Iterable<BudgetLevel> {
    if (this.#link?.isRoot === true) this.chargeOpenWork();
    return this.#tree.levels();
  }

  /** Counts and keeps it; answers it as a sentence. */
  refuse(problem: BudgetProblem): string {
    this.#options.count('budget.refused');
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(problem);
    return sentenceOf(problem);
  }

  #beginOnce(): void {
    const begin = this.#begin;
    this.#begin = undefined;
    begin?.();
  }

  #tell(message: BudgetMessage): void {
    if (this.#link?.isRoot === true && 'charge' in message) return this.#apply(message);
    if (this.#link?.tell(message) === true) {
      if (!('charge' in message)) this.refresh();
      return;
    }
    // Nobody to hand it to: a root whose folder could not be made keeps its own.
    if (this.#link?.isRoot === true) this.#apply(message);
    else this.#options.count('budget.untold');
  }

  #apply(message: BudgetMessage): void {
    if ('release' in message) {
      this.#tree.release(message.release);
      return;
    }
    if ('retire' in message) return this.#tree.retire(message.retire);
    if ('declare' in message && !this.#tree.isKnown(message.declare)) {
      // Two processes declared the same name at the same time: the first is kept.
      const fault = this.#tree.problemOf(message.declare);
      if (fault !== undefined) return void this.refuse(fault);
    }
    const notices = 'charge' in message ? this.#tree.charge(message.charge) : this.#granted(message);
    if (this.#link?.isRoot === true) for (const notice of notices) this.#options.onNotice(notice);
  }

  #granted(message: Exclude<BudgetMessage, { charge: unknown } | { release: unknown } | { retire: unknown }>): BudgetNotice[] {
    if ('amend' in message) return this.#tree.amend(message.amend);
    if ('declare' in message) return this.#tree.declare(message.declare, message.at ?? this.#options.now());
    return this.#tree.allocate(message.allocate);
  }
}

function nameIn(given: unknown, field: string): string {
  const value: unknown = typeof given === 'object' && given !== null ? Reflect.get(given, field) : undefined;
  return typeof value === 'string' ? value : '';
}
