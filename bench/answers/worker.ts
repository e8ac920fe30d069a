/** Workers of a simulated swarm: set-up, turns of calls and tools, loops, waits, merges. */
import * as names from '../../src/semconv/index.ts';
import { draw, lognormal, type Pause, type Process } from './engine.ts';
import { Stage, type Conversation, type Happened, type Scope, type Task } from './stage.ts';

const OP = names.ATTR_GEN_AI_OPERATION_NAME;

export class Workers extends Stage {
  protected *perform(task: Task, span: Happened, isFailing: boolean): Generator<Pause, boolean, void> {
    const { seed, turns, startSeconds, setUpSeconds, loops, loopRounds, tasks } = this.world;
    const key = `${task.index}`;
    let at: { parent: Happened; process: number } = { parent: span, process: 0 };
    if (setUpSeconds > 0) {
      yield* this.act({ ...at, task: task.index }, 'git worktree_add', setUpSeconds * 0.1, {
        [names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: 'worktree_add',
      });
      yield* this.act({ ...at, task: task.index }, 'npm', setUpSeconds * 0.9, {
        [names.ATTR_PROCESS_EXECUTABLE_NAME]: 'npm',
        [names.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND]: 'package_manager',
      });
      this.work[task.index]! += setUpSeconds;
    }
    let worker: Happened | undefined;
    if (startSeconds > 0) {
      worker = this.begin({
        name: 'node',
        parent: span,
        task: task.index,
        attributes: { [names.ATTR_PROCESS_EXECUTABLE_NAME]: 'node', [names.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND]: 'node' },
      });
      yield startSeconds * 0.8;
      at = { parent: worker, process: ++this.processes };
      worker.attributes[names.ATTR_PROCESS_PID] = 1_000 + at.process;
    }
    const agent = this.begin({
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
      isOk = yield* this.turn(scope, conversation, `${key}/${turn}`, turn === count - 1);
      if (this.world.polls > 0 && turn === 2 && task.index % 3 === 0) {
        for (let poll = 0; poll < this.world.polls && isOk; poll++)
          isOk = yield* this.turn(scope, conversation, `${key}/poll${poll}`, false);
      }
      if (isLoop && turn === 1)
        for (let round = 0; round < loopRounds && isOk; round++) isOk = yield* this.turn(scope, conversation, `${key}/loop`, false, true);
    }
    if (isOk) yield* this.merge(scope, key, isFailing);
    this.end(agent);
    if (worker !== undefined) {
      yield startSeconds * 0.2;
      this.end(worker);
    }
    return !isOk;
  }

  protected *turn(scope: Scope, conversation: Conversation, key: string, isLast: boolean, isLoop = false): Generator<Pause, boolean, void> {
    const { seed, toolSeconds, sigma, humanShare, humanSeconds, bloatShare, bloatTokens, hangSeconds, tasks } = this.world;
    const factor = this.factorOf(scope.task);
    const isOk: boolean = yield* this.call(scope, conversation, key, { factor, isLoop });
    if (!isOk) return false;
    if (isLast) return true;
    if (!isLoop && humanShare > 0 && draw(seed, key, 'asks') < humanShare) {
      const took = lognormal(humanSeconds, 0.3, draw(seed, key, 'human', 1), draw(seed, key, 'human', 2));
      if (humanSeconds > 0) yield* this.act(scope, 'wait human', took, { [names.ATTR_SWARMSCOPE_WAIT_REASON]: 'human' });
    }
    const tool = isLoop ? 'read_file' : ['read_file', 'edit_file', 'run_tests', 'search'][Math.floor(draw(seed, key, 'tool') * 4)]!;
    const isHeavy = tool === 'run_tests' || draw(seed, key, 'heavy') < this.world.heavyShare;
    let took = lognormal(isLoop ? toolSeconds * 0.5 : toolSeconds, sigma, draw(seed, key, 'took', 1), draw(seed, key, 'took', 2)) * factor;
    if (!isLoop) this.work[scope.task]! += took;
    if (hangSeconds > 0 && scope.task === tasks - 1 && key.endsWith('/1')) took += hangSeconds;
    const isBloat = !isLoop && draw(seed, key, 'bloat') < bloatShare;
    const size = isLoop ? 400 : isBloat ? bloatTokens : 200 + Math.floor(draw(seed, key, 'size') * 1_500);
    conversation.input += size;
    const name = isHeavy && !isLoop && this.world.heavyShare > 0 ? 'build' : tool;
    const span = this.begin({
      ...scope,
      name: `execute_tool ${name}`,
      attributes: {
        [OP]: 'execute_tool',
        [names.ATTR_GEN_AI_TOOL_NAME]: name,
        [names.ATTR_GEN_AI_TOOL_CALL_ID]: `${conversation.id}/${this.spans.length}`,
      },
    });
    if (name === 'build') yield* this.heavyWork(took);
    else yield took;
    this.end(span);
    return true;
  }

  /** Shares the cores: in steps of half a second each heavy tool gets its part. */
  protected *heavyWork(seconds: number): Process {
    this.heavy++;
    for (let left = seconds; left > 1e-9;) {
      const speed = Math.min(1, this.world.cores / (this.heavy * 2));
      const step = Math.min(0.5, left / speed);
      this.cpu.push([this.simulator.now, Number.isFinite(this.world.cores) ? Math.min(1, (this.heavy * 2) / this.world.cores) : 0.3]);
      yield step;
      left -= step * speed;
    }
    this.heavy--;
  }

  protected *call(
    scope: Scope,
    conversation: Conversation,
    key: string,
    { factor, isLoop }: { factor: number; isLoop: boolean },
  ): Generator<Pause, boolean, void> {
    const { seed, llmSeconds, sigma, retryAfter, giveUpAfter, cacheShare, gpuPlaces } = this.world;
    const output = isLoop
      ? 120
      : Math.round(lognormal(llmSeconds * 35, sigma + 0.2, draw(seed, key, 'out', 1), draw(seed, key, 'out', 2)) * factor);
    for (let refused = 0; this.provider.isFull; refused++) {
      if (refused >= giveUpAfter) return false;
      const bad = this.begin({
        ...scope,
        name: `chat ${this.world.model}`,
        attributes: {
          ...this.callAttributes(),
          [names.ATTR_HTTP_RESPONSE_STATUS_CODE]: 429,
          [names.ATTR_ERROR_TYPE]: '429',
          [names.ATTR_HTTP_REQUEST_RESEND_COUNT]: refused,
        },
      });
      bad.isError = true;
      yield 0.3;
      this.end(bad);
      yield retryAfter * (0.8 + 0.6 * draw(seed, key, 'retry', refused, ...(this.changes.lot === undefined ? [] : [this.changes.lot])));
    }
    yield* this.provider.take();
    const isCached = conversation.sent > 0 && draw(seed, key, 'cached') < cacheShare;
    const span = this.begin({ ...scope, name: `chat ${this.world.model}`, attributes: this.callAttributes() });
    const asked = this.simulator.now;
    if (Number.isFinite(gpuPlaces)) yield* this.gpu.take();
    const waited = this.simulator.now - asked;
    const first = 0.3 + conversation.input * 0.000_01;
    const noise = lognormal(1, sigma * 0.5, draw(seed, key, 'pace', 1), draw(seed, key, 'pace', 2));
    const isSlow = this.simulator.now >= this.slow[0] && this.simulator.now < this.slow[1];
    const took = first + (output / 38) * noise * (isSlow ? this.world.slowTimes : 1);
    yield took;
    if (Number.isFinite(gpuPlaces)) this.gpu.give();
    this.provider.give();
    Object.assign(span.attributes, {
      [names.ATTR_GEN_AI_USAGE_INPUT_TOKENS]: conversation.input,
      [names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: output,
      [names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: isCached ? conversation.sent : 0,
      ...(this.world.provider === 'anthropic'
        ? { [names.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS]: conversation.input - (isCached ? conversation.sent : 0) }
        : {}),
      [names.ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: waited + first,
      [names.ATTR_GEN_AI_RESPONSE_MODEL]: this.world.model,
    });
    this.end(span);
    this.calls.push({ span, conversation: conversation.id });
    conversation.sent = conversation.input;
    conversation.input += output;
    if (!isLoop) this.work[scope.task]! += took;
    return true;
  }

  protected *merge(scope: Scope, key: string, isFailing: boolean): Process {
    if (isFailing) return;
    const { seed, mergeSeconds, conflictShare, conflictSeconds, isMergeLocked } = this.world;
    const took = lognormal(mergeSeconds, 0.15, draw(seed, key, 'merge', 1), draw(seed, key, 'merge', 2));
    const asked = this.simulator.now;
    if (isMergeLocked) {
      const wait = this.begin({ ...scope, name: 'wait lock', attributes: { [names.ATTR_SWARMSCOPE_WAIT_REASON]: 'lock' } });
      yield* this.lock.take();
      this.end(wait);
      if (this.simulator.now - asked < 0.01) this.spans.splice(this.spans.indexOf(wait), 1);
    }
    const git = { [names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: 'merge', [names.ATTR_VCS_REPOSITORY_NAME]: 'shop' };
    if (draw(seed, key, 'conflict') < conflictShare) {
      const bad = yield* this.act(scope, 'git merge', took, {
        ...git,
        [names.ATTR_ERROR_TYPE]: 'merge_conflict',
        [names.ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT]: 2,
      });
      bad.isError = true;
      if (isMergeLocked) this.lock.give();
      const resolve = lognormal(conflictSeconds, 0.2, draw(seed, key, 'resolve', 1), draw(seed, key, 'resolve', 2));
      yield* this.act(scope, `chat ${this.world.model}`, resolve, {
        ...this.callAttributes(),
        [names.ATTR_GEN_AI_USAGE_INPUT_TOKENS]: 9_000,
        [names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: Math.round(resolve * 38),
      });
      if (isMergeLocked) yield* this.lock.take();
    }
    yield* this.act(scope, 'git merge', took, git);
    if (isMergeLocked) this.lock.give();
    this.work[scope.task]! += took;
  }
}
