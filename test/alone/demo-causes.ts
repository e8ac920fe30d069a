/**
 * What the planted causes cost the demo by its own log: its supersteps are worked off again on as many lanes, with one
 * thing left out. Shares nothing with the analysis.
 */
import type { LogLine } from './demo-log.ts';

export type Cause = 'straggler' | 'rate_limit' | 'merge_conflict' | 'barrier';

/** Slow by itself: a slow model, a failing test, a second round. */
const STRAGGLER = 'stock';

/** Seconds by which the run would have been shorter. */
export function causesByLog(log: readonly LogLine[], lanes: number): Readonly<Record<Cause, number>> {
  const tasks = log.filter(({ kind }) => kind === 'task').sort((a, b) => a.start - b.start);
  const steps = log
    .filter(({ kind }) => kind === 'superstep')
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => ({ start, end, tasks: tasks.filter((task) => task.start >= start && task.end <= end) }));
  const lengthOf = ({ start, end }: LogLine): number => end - start;
  const refusedMs = (task: string | undefined): number =>
    log
      .filter((line) => line.task === task && (line.kind === 'backoff' || (line.kind === 'llm' && line.error === '429')))
      .reduce((sum, line) => sum + lengthOf(line), 0);
  const savedBy = (shorterBy: (task: LogLine) => number): number => {
    const sum = (change: (task: LogLine) => number): number =>
      steps.reduce((ms, step) => {
        return (
          ms +
          workedOffIn(
            step.tasks.map((task) => lengthOf(task) - change(task)),
            lanes,
          )
        );
      }, 0);
    return sum(() => 0) - sum(shorterBy);
  };
  const own = (task: LogLine): number => lengthOf(task) - refusedMs(task.task);
  const like = tasks.filter(({ name }) => name === 'implement').map(own);
  const typical = like.sort((a, b) => a - b)[Math.floor(like.length / 2)] ?? 0;

  const conflict = log.find(({ kind, name, error }) => kind === 'git' && name === 'merge' && error !== undefined);
  const resolver = tasks.find(({ name }) => name === 'resolve');
  return {
    straggler: savedBy((task) => (task.task === STRAGGLER ? own(task) - typical : 0)) / 1000,
    rate_limit: savedBy(({ task }) => refusedMs(task)) / 1000,
    merge_conflict: ((resolver?.end ?? NaN) - (conflict?.end ?? NaN)) / 1000,
    barrier: barrierMs(steps, lanes) / 1000,
  };
}

interface Step {
  readonly start: number;
  readonly end: number;
  readonly tasks: readonly LogLine[];
}

/**
 * The reviews read only what the first superstep made (`examples/swarm/script.mjs`): they begin when a lane is free, as long
 * after that as they began after the superstep.
 */
function barrierMs(steps: readonly Step[], lanes: number): number {
  const [before, last] = steps.slice(-2);
  if (before === undefined || last === undefined) return NaN;
  const made = before.tasks.map(({ start, end }) => end - start);
  const reviews = last.tasks.map(({ end }) => end - before.end);
  return last.end - before.start - workedOffIn([...made, ...reviews], lanes);
}

/** Milliseconds until the last of these is done: in their order, each on the lane that is free first. */
function workedOffIn(durationsMs: readonly number[], lanes: number): number {
  const freeMs = new Array<number>(lanes).fill(0);
  for (const ms of durationsMs) {
    const lane = freeMs.indexOf(Math.min(...freeMs));
    freeMs[lane] = (freeMs[lane] ?? 0) + ms;
  }
  return Math.max(...freeMs);
}
