/** The simulated swarm: an orchestrator, workers, a provider, a repository, people. Gives what happened as spans. */
import * as names from '../../src/semconv/index.ts';
import { Bell, draw, lognormal, Places, Simulator, type Pause, type Process } from './engine.ts';
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

interface Task {
  readonly index: number;
  readonly needs: readonly number[];
  readonly batch: number;
  attempt: number;
  isDone: boolean;
  isTaken: boolean;
  readySince: number | undefined;
  batchSpan: Happened | undefined;
}

const OP = names.ATTR_GEN_AI_OPERATION_NAME;
const OWN_OP = names.ATTR_SWARMSCOPE_OPERATION_NAME;

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

export function simulate(world: World, changes: Changes = {}): Outcome {
  const run = new Run(world, changes);
  run.simulator.spawn(run.orchestrate());
  run.simulator.run();
  return run.outcome();
}

class Run {
  readonly simulator = new Simulator();
  readonly #world: World;
  readonly #changes: Changes;
  readonly #spans: Happened[] = [];
  readonly #calls: Call[] = [];
  readonly #work: number[];
  readonly #tasks: Task[];
  readonly #bell = new Bell();
  readonly #results: Task[] = [];
  readonly #provider: Places;
  readonly #gpu: Places;
  readonly #lock: Places;
  readonly #cpu: [number, number][] = [];
  readonly #slow: readonly [number, number];
  #active = 0;
  #heavy = 0;
  #processes = 0;
  #lastId = 0;
  #root: Happened | undefined;

  constructor(world: World, changes: Changes) {
    this.#world = world;
    this.#changes = changes;
    this.#work = new Array<number>(world.tasks).fill(0);
    this.#provider = new Places(world.providerLimit);
    this.#gpu = new Places(world.gpuPlaces);
    this.#lock = new Places(world.isMergeLocked ? 1 : Infinity);
    const usual = world.planSeconds + ((world.turns[0] + world.turns[1]) / 2) * (world.llmSeconds + world.toolSeconds);
    this.#slow = changes.slow ?? [world.planSeconds + usual * world.slowFrom, world.planSeconds + usual * world.slowTo];
    this.#tasks = Array.from({ length: world.tasks }, (_each, index): Task => {
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

  outcome(): Outcome {
    return { spans: this.#spans, seconds: this.simulator.now, work: this.#work, calls: this.#calls, cpu: this.#cpu, slow: this.#slow };
  }

  *orchestrate(): Process {
    const { planSeconds, closeSeconds, dispatchSeconds, resultSeconds, workers, batch } = this.#world;
    this.#root = this.#begin({ name: 'invoke_workflow swarm', attributes: { [OP]: 'invoke_workflow' } });
    if (planSeconds > 0.5) yield* this.#outside('chat', planSeconds);
    const order = this.#changes.isBackwards === true ? this.#tasks.toReversed() : this.#tasks;
    let step = 0;
    let span: Happened | undefined;
    for (;;) {
      const result = this.#results.shift();
      if (result !== undefined) {
        if (resultSeconds > 0) yield* this.#outside(resultSeconds > 1 ? 'chat' : 'none', resultSeconds, `result ${result.index}`);
        continue;
      }
      const left = this.#tasks.filter(({ isDone }) => !isDone);
      if (left.length === 0) break;
      const current = Math.min(...left.map((task) => task.batch));
      const isStepOver = current !== step && this.#active === 0;
      if (isStepOver) {
        this.#end(span);
        span = undefined;
        step = current;
      }
      const inBatches = batch > 0 && this.#changes.isWithoutBatches !== true;
      if (inBatches && span === undefined && this.#active === 0) {
        span = this.#begin({
          name: 'run_batch queue',
          parent: this.#root,
          attributes: { [OWN_OP]: 'run_batch', [names.ATTR_SWARMSCOPE_BATCH_INDEX]: step, [names.ATTR_SWARMSCOPE_SCHEDULER_NAME]: 'queue' },
        });
      }
      const ready = order.filter(
        (task) =>
          !task.isTaken && !task.isDone && (!inBatches || task.batch === step) && task.needs.every((need) => this.#tasks[need]!.isDone),
      );
      for (const task of ready) task.readySince ??= this.simulator.now;
      const next = ready[0];
      if (next === undefined || this.#active >= workers) {
        yield* this.#bell.sleep();
        continue;
      }
      next.isTaken = true;
      if (dispatchSeconds > 0) yield* this.#outside(dispatchSeconds > 1 ? 'chat' : 'none', dispatchSeconds, `dispatch ${next.index}`);
      this.#active++;
      next.batchSpan = span;
      this.simulator.spawn(this.#attempt(next));
    }
    this.#end(span);
    if (closeSeconds > 0.5) yield* this.#outside('chat', closeSeconds);
    this.#end(this.#root);
  }

  *#outside(kind: 'chat' | 'none', seconds: number, key = 'plan'): Process {
    const took = lognormal(seconds, 0.1, draw(this.#world.seed, key, 1), draw(this.#world.seed, key, 2));
    const span =
      kind === 'chat'
        ? this.#begin({
            name: `chat ${this.#world.model}`,
            parent: this.#root,
            attributes: {
              ...this.#callAttributes(),
              [names.ATTR_GEN_AI_USAGE_INPUT_TOKENS]: 2_000,
              [names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: Math.round(took * 40),
            },
          })
        : undefined;
    yield took;
    this.#end(span);
  }

  *#attempt(task: Task): Process {
    const { seed, failShare } = this.#world;
    task.attempt++;
    const span = this.#begin({
      name: `run_task work`,
      parent: task.batchSpan ?? this.#root,
      task: task.index,
      attributes: {
        [OWN_OP]: 'run_task',
        [names.ATTR_SWARMSCOPE_TASK_ID]: `task-${task.index}`,
        [names.ATTR_SWARMSCOPE_TASK_TYPE]: 'work',
        [names.ATTR_SWARMSCOPE_TASK_ATTEMPT_NUMBER]: task.attempt,
        [names.ATTR_SWARMSCOPE_TASK_DEPENDENCY_IDS]: task.needs.map((need) => `task-${need}`),
        [names.ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME]: this.simulator.now - (task.readySince ?? this.simulator.now),
        [names.ATTR_SWARMSCOPE_POOL_NAME]: 'workers',
      },
    });
    const isFailing = task.attempt === 1 && draw(seed, 'fail', task.index) < failShare;
    const isGivenUp = yield* this.#perform(task, span, isFailing);
    const isBad = isFailing || (isGivenUp && task.attempt < 4);
    span.isError = isBad;
    span.attributes[names.ATTR_SWARMSCOPE_TASK_RESULT] = isBad ? 'error' : 'success';
    this.#end(span);
    this.#active--;
    task.isTaken = false;
    if (isBad) task.readySince = this.simulator.now;
    else {
      task.isDone = true;
      this.#results.push(task);
    }
    this.#bell.ring();
  }

  *#perform(task: Task, span: Happened, isFailing: boolean): Generator<Pause, boolean, void> {
    const { seed, turns, startSeconds, setUpSeconds, loops, loopRounds, tasks } = this.#world;
    const key = `${task.index}`;
    let at: { parent: Happened; process: number } = { parent: span, process: 0 };
    if (setUpSeconds > 0) {
      yield* this.#act({ ...at, task: task.index }, 'git worktree_add', setUpSeconds * 0.1, {
        [names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: 'worktree_add',
      });
      yield* this.#act({ ...at, task: task.index }, 'npm', setUpSeconds * 0.9, {
        [names.ATTR_PROCESS_EXECUTABLE_NAME]: 'npm',
        [names.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND]: 'package_manager',
      });
      this.#work[task.index]! += setUpSeconds;
    }
    let worker: Happened | undefined;
    if (startSeconds > 0) {
      worker = this.#begin({
        name: 'node',
        parent: span,
        task: task.index,
        attributes: { [names.ATTR_PROCESS_EXECUTABLE_NAME]: 'node', [names.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND]: 'node' },
      });
      yield startSeconds * 0.8;
      at = { parent: worker, process: ++this.#processes };
      worker.attributes[names.ATTR_PROCESS_PID] = 1_000 + at.process;
    }
    const agent = this.#begin({
      ...at,
      name: 'invoke_agent coder',
      task: task.index,
      attributes: { [OP]: 'invoke_agent', [names.ATTR_GEN_AI_AGENT_NAME]: 'coder' },
    });
    const scope = { parent: agent, process: at.process, task: task.index };
    const conversation = { id: `${task.index}/${task.attempt}`, input: 3_000 + Math.floor(draw(seed, key, 'prompt') * 4_000), sent: 0 };
    const count = turns[0] + Math.floor(draw(seed, key, 'turns') * (turns[1] - turns[0] + 1));
    const isLoop = task.index >= tasks - loops;
    let isOk = true;
    for (let turn = 0; turn < count && isOk; turn++) {
      isOk = yield* this.#turn(scope, conversation, `${key}/${turn}`, turn === count - 1);
      if (this.#world.polls > 0 && turn === 2 && task.index % 3 === 0) {
        for (let poll = 0; poll < this.#world.polls && isOk; poll++)
          isOk = yield* this.#turn(scope, conversation, `${key}/poll${poll}`, false);
      }
      if (isLoop && turn === 1)
        for (let round = 0; round < loopRounds && isOk; round++) isOk = yield* this.#turn(scope, conversation, `${key}/loop`, false, true);
    }
    if (isOk) yield* this.#merge(scope, key, isFailing);
    this.#end(agent);
    if (worker !== undefined) {
      yield startSeconds * 0.2;
      this.#end(worker);
    }
    return !isOk;
  }

  *#turn(scope: Scope, conversation: Conversation, key: string, isLast: boolean, isLoop = false): Generator<Pause, boolean, void> {
    const { seed, toolSeconds, sigma, humanShare, humanSeconds, bloatShare, bloatTokens, hangSeconds, tasks } = this.#world;
    const factor = this.#factorOf(scope.task);
    const isOk: boolean = yield* this.#call(scope, conversation, key, { factor, isLoop });
    if (!isOk) return false;
    if (isLast) return true;
    if (!isLoop && humanShare > 0 && draw(seed, key, 'asks') < humanShare) {
      const took = lognormal(humanSeconds, 0.3, draw(seed, key, 'human', 1), draw(seed, key, 'human', 2));
      if (humanSeconds > 0) yield* this.#act(scope, 'wait human', took, { [names.ATTR_SWARMSCOPE_WAIT_REASON]: 'human' });
    }
    const tool = isLoop ? 'read_file' : ['read_file', 'edit_file', 'run_tests', 'search'][Math.floor(draw(seed, key, 'tool') * 4)]!;
    const isHeavy = tool === 'run_tests' || draw(seed, key, 'heavy') < this.#world.heavyShare;
    let took = lognormal(isLoop ? toolSeconds * 0.5 : toolSeconds, sigma, draw(seed, key, 'took', 1), draw(seed, key, 'took', 2)) * factor;
    if (!isLoop) this.#work[scope.task]! += took;
    if (hangSeconds > 0 && scope.task === tasks - 1 && key.endsWith('/1')) took += hangSeconds;
    const isBloat = !isLoop && draw(seed, key, 'bloat') < bloatShare;
    const size = isLoop ? 400 : isBloat ? bloatTokens : 200 + Math.floor(draw(seed, key, 'size') * 1_500);
    conversation.input += size;
    const name = isHeavy && !isLoop && this.#world.heavyShare > 0 ? 'build' : tool;
    const span = this.#begin({
      ...scope,
      name: `execute_tool ${name}`,
      attributes: {
        [OP]: 'execute_tool',
        [names.ATTR_GEN_AI_TOOL_NAME]: name,
        [names.ATTR_GEN_AI_TOOL_CALL_ID]: `${conversation.id}/${this.#spans.length}`,
      },
    });
    if (name === 'build') yield* this.#heavyWork(took);
    else yield took;
    this.#end(span);
    return true;
  }

  /** Shares the cores: in steps of half a second each heavy tool gets its part. */
  *#heavyWork(seconds: number): Process {
    this.#heavy++;
    for (let left = seconds; left > 1e-9;) {
      const speed = Math.min(1, this.#world.cores / (this.#heavy * 2));
      const step = Math.min(0.5, left / speed);
      this.#cpu.push([this.simulator.now, Number.isFinite(this.#world.cores) ? Math.min(1, (this.#heavy * 2) / this.#world.cores) : 0.3]);
      yield step;
      left -= step * speed;
    }
    this.#heavy--;
  }

  *#call(
    scope: Scope,
    conversation: Conversation,
    key: string,
    { factor, isLoop }: { factor: number; isLoop: boolean },
  ): Generator<Pause, boolean, void> {
    const { seed, llmSeconds, sigma, retryAfter, giveUpAfter, cacheShare, gpuPlaces } = this.#world;
    const output = isLoop
      ? 120
      : Math.round(lognormal(llmSeconds * 35, sigma + 0.2, draw(seed, key, 'out', 1), draw(seed, key, 'out', 2)) * factor);
    for (let refused = 0; this.#provider.isFull; refused++) {
      if (refused >= giveUpAfter) return false;
      const bad = this.#begin({
        ...scope,
        name: `chat ${this.#world.model}`,
        attributes: {
          ...this.#callAttributes(),
          [names.ATTR_HTTP_RESPONSE_STATUS_CODE]: 429,
          [names.ATTR_ERROR_TYPE]: '429',
          [names.ATTR_HTTP_REQUEST_RESEND_COUNT]: refused,
        },
      });
      bad.isError = true;
      yield 0.3;
      this.#end(bad);
      yield retryAfter * (0.8 + 0.6 * draw(seed, key, 'retry', refused));
    }
    yield* this.#provider.take();
    const isCached = conversation.sent > 0 && draw(seed, key, 'cached') < cacheShare;
    const span = this.#begin({ ...scope, name: `chat ${this.#world.model}`, attributes: this.#callAttributes() });
    const asked = this.simulator.now;
    if (Number.isFinite(gpuPlaces)) yield* this.#gpu.take();
    const waited = this.simulator.now - asked;
    const first = 0.3 + conversation.input * 0.000_01;
    const noise = lognormal(1, sigma * 0.5, draw(seed, key, 'pace', 1), draw(seed, key, 'pace', 2));
    const isSlow = this.simulator.now >= this.#slow[0] && this.simulator.now < this.#slow[1];
    const took = first + (output / 38) * noise * (isSlow ? this.#world.slowTimes : 1);
    yield took;
    if (Number.isFinite(gpuPlaces)) this.#gpu.give();
    this.#provider.give();
    Object.assign(span.attributes, {
      [names.ATTR_GEN_AI_USAGE_INPUT_TOKENS]: conversation.input,
      [names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: output,
      [names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: isCached ? conversation.sent : 0,
      ...(this.#world.provider === 'anthropic'
        ? { [names.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS]: conversation.input - (isCached ? conversation.sent : 0) }
        : {}),
      [names.ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: waited + first,
      [names.ATTR_GEN_AI_RESPONSE_MODEL]: this.#world.model,
    });
    this.#end(span);
    this.#calls.push({ span, conversation: conversation.id });
    conversation.sent = conversation.input;
    conversation.input += output;
    if (!isLoop) this.#work[scope.task]! += took;
    return true;
  }

  *#merge(scope: Scope, key: string, isFailing: boolean): Process {
    if (isFailing) return;
    const { seed, mergeSeconds, conflictShare, conflictSeconds, isMergeLocked } = this.#world;
    const took = lognormal(mergeSeconds, 0.15, draw(seed, key, 'merge', 1), draw(seed, key, 'merge', 2));
    const asked = this.simulator.now;
    if (isMergeLocked) {
      const wait = this.#begin({ ...scope, name: 'wait lock', attributes: { [names.ATTR_SWARMSCOPE_WAIT_REASON]: 'lock' } });
      yield* this.#lock.take();
      this.#end(wait);
      if (this.simulator.now - asked < 0.01) this.#spans.splice(this.#spans.indexOf(wait), 1);
    }
    const git = { [names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: 'merge', [names.ATTR_VCS_REPOSITORY_NAME]: 'shop' };
    if (draw(seed, key, 'conflict') < conflictShare) {
      const bad = yield* this.#act(scope, 'git merge', took, {
        ...git,
        [names.ATTR_ERROR_TYPE]: 'merge_conflict',
        [names.ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT]: 2,
      });
      bad.isError = true;
      if (isMergeLocked) this.#lock.give();
      const resolve = lognormal(conflictSeconds, 0.2, draw(seed, key, 'resolve', 1), draw(seed, key, 'resolve', 2));
      yield* this.#act(scope, `chat ${this.#world.model}`, resolve, {
        ...this.#callAttributes(),
        [names.ATTR_GEN_AI_USAGE_INPUT_TOKENS]: 9_000,
        [names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: Math.round(resolve * 38),
      });
      if (isMergeLocked) yield* this.#lock.take();
    }
    yield* this.#act(scope, 'git merge', took, git);
    if (isMergeLocked) this.#lock.give();
    this.#work[scope.task]! += took;
  }

  *#act(scope: Scope, name: string, seconds: number, attributes: Record<string, unknown>): Generator<number, Happened, void> {
    const span = this.#begin({ ...scope, name, attributes });
    yield seconds;
    this.#end(span);
    return span;
  }

  #factorOf(task: number): number {
    const { stragglerTimes, tasks } = this.#world;
    const own = stragglerTimes > 1 && task === tasks - 1 ? stragglerTimes : 1;
    return this.#changes.scaled?.task === task ? own * this.#changes.scaled.factor : own;
  }

  #callAttributes(): Record<string, unknown> {
    return { [OP]: 'chat', [names.ATTR_GEN_AI_REQUEST_MODEL]: this.#world.model, [names.ATTR_GEN_AI_PROVIDER_NAME]: this.#world.provider };
  }

  #begin({
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
      id: ++this.#lastId,
      parent: parent?.id,
      name,
      from: this.simulator.now,
      to: undefined,
      attributes: { ...attributes },
      isError: false,
      process,
      task,
    };
    this.#spans.push(span);
    return span;
  }

  #end(span: Happened | undefined): void {
    if (span !== undefined) span.to ??= this.simulator.now;
  }
}

interface Scope {
  readonly parent: Happened;
  readonly process: number;
  readonly task: number;
}

interface Conversation {
  readonly id: string;
  input: number;
  sent: number;
}
