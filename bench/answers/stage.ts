/** The stage of a simulated swarm: its clock, its shared places, and what is written down of what happens. */
import * as names from '../../src/semconv/index.ts';
import { Bell, draw, Places, Simulator } from './engine.ts';
import type { World } from './world.ts';

export interface Happened {
  readonly id: number;
  readonly parent: number | undefined;
  readonly name: string;
  readonly from: number;
  to: number | undefined;
  readonly attributes: Record<string, unknown>;
  isError: boolean;
  /** Which process tells it: 0 is the orchestrator, others are worker processes. */
  readonly process: number;
  /** Of the task, for what is in one. */
  readonly task: number | undefined;
}

/** Changes that lie in the schedule and not in the world. */
export interface Changes {
  readonly isWithoutBatches?: boolean;
  readonly isWithoutDependencies?: boolean;
  readonly isBackwards?: boolean;
  /** Other waits after refusals, as other luck would draw them. */
  readonly lot?: number;
  /** Own work of one task times a factor. */
  readonly scaled?: { readonly task: number; readonly factor: number };
  /** End of the slow time as it was: it does not move with the run. */
  readonly slow?: readonly [number, number];
}

export interface Outcome {
  readonly spans: readonly Happened[];
  readonly seconds: number;
  /** Own work of each task, all attempts. */
  readonly work: readonly number[];
  readonly calls: readonly Call[];
  readonly cpu: readonly [seconds: number, busy: number][];
  readonly slow: readonly [number, number];
}

export interface Call {
  readonly span: Happened;
  readonly conversation: string;
}

export interface Task {
  readonly index: number;
  readonly needs: readonly number[];
  readonly batch: number;
  attempt: number;
  isDone: boolean;
  isTaken: boolean;
  readySince: number | undefined;
  batchSpan: Happened | undefined;
}

export interface Scope {
  readonly parent: Happened;
  readonly process: number;
  readonly task: number;
}

export interface Conversation {
  readonly id: string;
  input: number;
  sent: number;
}

/** Which tasks a task needs. */
export function needsOf(world: World, index: number): number[] {
  const { dependencies, seed, batch } = world;
  if (dependencies.kind === 'lanes') return index < dependencies.lanes ? [] : [index - dependencies.lanes];
  if (dependencies.kind === 'none' || index === 0) return [];
  if (dependencies.kind === 'steps')
    return batch === 0
      ? []
      : Array.from({ length: batch }, (_each, k) => Math.floor(index / batch) * batch - batch + k).filter((each) => each >= 0);
  const size = batch === 0 ? index : Math.floor(index / batch) * batch;
  if (size === 0 || draw(seed, 'needs', index) > dependencies.share) return [];
  return [Math.floor(draw(seed, 'need', index) * size)];
}

export class Stage {
  readonly simulator = new Simulator();
  protected readonly world: World;
  protected readonly changes: Changes;
  protected readonly spans: Happened[] = [];
  protected readonly calls: Call[] = [];
  protected readonly work: number[];
  protected readonly tasks: Task[];
  protected readonly bell = new Bell();
  protected readonly results: Task[] = [];
  protected readonly provider: Places;
  protected readonly gpu: Places;
  protected readonly lock: Places;
  protected readonly cpu: [number, number][] = [];
  protected readonly slow: readonly [number, number];
  protected active = 0;
  protected heavy = 0;
  protected processes = 0;
  protected lastId = 0;
  protected root: Happened | undefined;

  constructor(world: World, changes: Changes) {
    this.world = world;
    this.changes = changes;
    this.work = new Array<number>(world.tasks).fill(0);
    this.provider = new Places(world.providerLimit);
    this.gpu = new Places(world.gpuPlaces);
    this.lock = new Places(world.isMergeLocked ? 1 : Infinity);
    const usual = world.planSeconds + ((world.turns[0] + world.turns[1]) / 2) * (world.llmSeconds + world.toolSeconds);
    this.slow = changes.slow ?? [world.planSeconds + usual * world.slowFrom, world.planSeconds + usual * world.slowTo];
    this.tasks = Array.from({ length: world.tasks }, (_each, index): Task => {
      return {
        index,
        needs: changes.isWithoutDependencies === true ? [] : needsOf(world, index),
        batch: world.batch === 0 || changes.isWithoutBatches === true ? 0 : Math.floor(index / world.batch),
        attempt: 0,
        isDone: false,
        isTaken: false,
        readySince: undefined,
        batchSpan: undefined,
      };
    });
  }

  protected begin({
    parent,
    name,
    attributes,
    process = 0,
    task,
  }: {
    parent?: Happened | undefined;
    name: string;
    attributes: Record<string, unknown>;
    process?: number;
    task?: number | undefined;
  }): Happened {
    const span: Happened = {
      id: ++this.lastId,
      parent: parent?.id,
      name,
      from: this.simulator.now,
      to: undefined,
      attributes: { ...attributes },
      isError: false,
      process,
      task,
    };
    this.spans.push(span);
    return span;
  }

  protected end(span: Happened | undefined): void {
    if (span !== undefined) span.to ??= this.simulator.now;
  }

  protected *act(scope: Scope, name: string, seconds: number, attributes: Record<string, unknown>): Generator<number, Happened, void> {
    const span = this.begin({ ...scope, name, attributes });
    yield seconds;
    this.end(span);
    return span;
  }

  protected factorOf(task: number): number {
    const { stragglerTimes, tasks } = this.world;
    const own = stragglerTimes > 1 && task === tasks - 1 ? stragglerTimes : 1;
    return this.changes.scaled?.task === task ? own * this.changes.scaled.factor : own;
  }

  protected callAttributes(): Record<string, unknown> {
    return {
      [names.ATTR_GEN_AI_OPERATION_NAME]: 'chat',
      [names.ATTR_GEN_AI_REQUEST_MODEL]: this.world.model,
      [names.ATTR_GEN_AI_PROVIDER_NAME]: this.world.provider,
    };
  }

  outcome(): Outcome {
    return { spans: this.spans, seconds: this.simulator.now, work: this.work, calls: this.calls, cpu: this.cpu, slow: this.slow };
  }
}
