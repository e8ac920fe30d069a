/** The simulated swarm: an orchestrator that hands tasks to workers. Gives what happened as spans. */
import * as names from '../../src/semconv/index.ts';
import { draw, lognormal, type Process } from './engine.ts';
import type { Changes, Happened, Outcome, Task } from './stage.ts';
import { Workers } from './worker.ts';
import type { World } from './world.ts';

const OP = names.ATTR_GEN_AI_OPERATION_NAME;
const OWN_OP = names.ATTR_SWARMSCOPE_OPERATION_NAME;

export function simulate(world: World, changes: Changes = {}): Outcome {
  const run = new Swarm(world, changes);
  run.simulator.spawn(run.orchestrate());
  run.simulator.run();
  return run.outcome();
}

class Swarm extends Workers {
  *orchestrate(): Process {
    const { planSeconds, closeSeconds, dispatchSeconds, resultSeconds, workers, batch } = this.world;
    this.root = this.begin({ name: 'invoke_workflow swarm', attributes: { [OP]: 'invoke_workflow' } });
    if (planSeconds > 0.5) yield* this.outside('chat', planSeconds);
    const order = this.changes.isBackwards === true ? this.tasks.toReversed() : this.tasks;
    let step = 0;
    let span: Happened | undefined;
    for (;;) {
      const result = this.results.shift();
      if (result !== undefined) {
        if (resultSeconds > 0) yield* this.outside(resultSeconds > 1 ? 'chat' : 'none', resultSeconds, `result ${result.index}`);
        continue;
      }
      const left = this.tasks.filter(({ isDone }) => !isDone);
      if (left.length === 0) break;
      const current = Math.min(...left.map((task) => task.batch));
      const isStepOver = current !== step && this.active === 0;
      if (isStepOver) {
        this.end(span);
        span = undefined;
        step = current;
      }
      const inBatches = batch > 0 && this.changes.isWithoutBatches !== true;
      if (inBatches && span === undefined && this.active === 0) {
        span = this.begin({
          name: 'run_batch queue',
          parent: this.root,
          attributes: { [OWN_OP]: 'run_batch', [names.ATTR_SWARMSCOPE_BATCH_INDEX]: step, [names.ATTR_SWARMSCOPE_SCHEDULER_NAME]: 'queue' },
        });
      }
      const ready = order.filter(
        (task) =>
          !task.isTaken && !task.isDone && (!inBatches || task.batch === step) && task.needs.every((need) => this.tasks[need]!.isDone),
      );
      for (const task of ready) task.readySince ??= this.simulator.now;
      const next = ready[0];
      if (next === undefined || this.active >= workers) {
        yield* this.bell.sleep();
        continue;
      }
      next.isTaken = true;
      if (dispatchSeconds > 0) yield* this.outside(dispatchSeconds > 1 ? 'chat' : 'none', dispatchSeconds, `dispatch ${next.index}`);
      this.active++;
      next.batchSpan = span;
      this.simulator.spawn(this.attempt(next));
    }
    this.end(span);
    if (closeSeconds > 0.5) yield* this.outside('chat', closeSeconds);
    this.end(this.root);
  }

  protected *outside(kind: 'chat' | 'none', seconds: number, key = 'plan'): Process {
    const took = lognormal(seconds, 0.1, draw(this.world.seed, key, 1), draw(this.world.seed, key, 2));
    const span =
      kind === 'chat'
        ? this.begin({
            name: `chat ${this.world.model}`,
            parent: this.root,
            attributes: {
              ...this.callAttributes(),
              [names.ATTR_GEN_AI_USAGE_INPUT_TOKENS]: 2_000,
              [names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: Math.round(took * 40),
            },
          })
        : undefined;
    yield took;
    this.end(span);
  }

  protected *attempt(task: Task): Process {
    const { seed, failShare } = this.world;
    task.attempt++;
    const span = this.begin({
      name: `run_task work`,
      parent: task.batchSpan ?? this.root,
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
    const isGivenUp = yield* this.perform(task, span, isFailing);
    const isBad = isFailing || (isGivenUp && task.attempt < 4);
    span.isError = isBad;
    span.attributes[names.ATTR_SWARMSCOPE_TASK_RESULT] = isBad ? 'error' : 'success';
    this.end(span);
    this.active--;
    task.isTaken = false;
    if (isBad) task.readySince = this.simulator.now;
    else {
      task.isDone = true;
      this.results.push(task);
    }
    this.bell.ring();
  }
}
