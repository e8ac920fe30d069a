/** For each kind a small run in which it costs as much as asked for; what lies in waits and in batches has tests of its own. */
import { createPricer, type Attributes, type MetricSeries, type RunData } from '../../../src/analysis/index.ts';
import * as words from '../../../src/semconv/index.ts';
import { child, git, limit, llm, queued, refused, resend, run, span, T0, task, tokens, tool } from '../hand-built.ts';
import { swarmOf, type TaskSketch } from './swarms.ts';

type Inside = NonNullable<TaskSketch['inside']>;

const call = (output = 100, input = 1_000): Attributes => llm(tokens(input, output));
const others = (count: number, to: number): TaskSketch[] =>
  Array.from({ length: count }, (_each, index) => ({ id: `o${index}`, from: 0, to }));
const eachOf = (count: number, sketch: (index: number) => Omit<TaskSketch, 'id'>): TaskSketch[] =>
  Array.from({ length: count }, (_each, index) => ({ id: `t${index}`, ...sketch(index) }));

/** Four tasks of 20 s; before each but the first the program asks a model for so many seconds. */
export function serialOrchestrator(
  seconds: number,
  { isSeen = true, more = {} }: { isSeen?: boolean; more?: Partial<TaskSketch> } = {},
): RunData {
  const tasks = eachOf(4, (index) => ({ from: 1 + index * seconds, to: 21 + index * seconds, ...more }));
  const asked = [0, 1, 2].map((index) =>
    span({ id: `ask${index}`, from: 1 + index * seconds, to: 1 + (index + 1) * seconds, attributes: call() }),
  );
  return swarmOf(tasks, { slots: 4, more: isSeen ? asked : [] });
}

/** `b` needs `a`, which takes 30 s. */
export function dependencyChain(seconds: number): RunData {
  const tasks = [
    { id: 'a', from: 0, to: 30, needs: [] },
    { id: 'b', from: 30, to: 30 + seconds, needs: ['a'] },
  ];
  return swarmOf(tasks, { slots: 3 });
}

/** Two tasks of 10 s, and two that queue for the two workers meanwhile. */
export function tooFewWorkers(seconds: number): RunData {
  const late = ['c', 'd'].map((id) => ({ id, from: 10, to: 10 + seconds, attributes: queued(10) }));
  return swarmOf([...['a', 'b'].map((id) => ({ id, from: 0, to: 10, attributes: queued(0) })), ...late], { slots: 2 });
}

/** Of eight tasks of 10 s four are refused twice after half a second, and wait so many seconds each time: with four workers all take 20.5 s. */
export function tooManyWorkers(wait: number): RunData {
  const inside: Inside = [
    [0.5, 1, llm(refused(0)), true],
    [1 + wait, 1.5 + wait, llm({ ...resend(1), ...refused(0) }), true],
    [1.5 + 2 * wait, 11.5 + 2 * wait, llm({ ...resend(2), ...tokens(1_000, 100) })],
  ];
  const late = ['c', 'd', 'e', 'f'].map((id) => ({ id, from: 0, to: 11.5 + 2 * wait, inside }));
  return swarmOf([...others(4, 10), ...late], { slots: 8 });
}

/** Four tasks of 20 s, whose worker processes take so long until their first call. */
export function processStartup(seconds: number): RunData {
  const tasks = eachOf(4, () => ({ from: 0, to: 20, inside: [] }));
  const workers = tasks.flatMap(({ id }) => [
    span({ id: `${id}.node`, parent: id, from: 0, to: 20, attributes: child('node', 'node') }),
    span({ id: `${id}.call`, parent: `${id}.node`, from: seconds, to: 20, attributes: call() }),
  ]);
  return swarmOf(tasks, { slots: 4, more: workers });
}

/** Four tasks of 20 s that begin with a worktree. */
export function workspaceSetup(seconds: number): RunData {
  const inside: Inside = [
    [0, seconds, git('worktree_add')],
    [seconds, 20, call()],
  ];
  return swarmOf(
    eachOf(4, () => ({ from: 0, to: 20, inside })),
    { slots: 4 },
  );
}

/** So many rounds of 2 s that ask for the same and get the same, and an answer of 5 s. */
export function toolLoop(rounds: number, isSame = true): RunData {
  const inside: Inside = Array.from({ length: rounds }, (_each, index) => index).flatMap((index): Inside => {
    const input = 1_000 + (isSame ? 400 * index : 200 * index * index);
    return [
      [2 * index, 2 * index + 1, call(50, input)],
      [2 * index + 1, 2 * index + 2, tool('read_file')],
    ];
  });
  const to = 2 * rounds + 5;
  return swarmOf([{ id: 'stuck', from: 0, to, inside: [...inside, [2 * rounds, to, call(500, 1_000 + 400 * rounds)]] }, ...others(3, 5)], {
    slots: 4,
  });
}

/** Tools of 3 s, and one that takes `seconds`. */
export function hungAgent(seconds: number): RunData {
  const inside = (took: number): Inside => [
    [0, 5, call()],
    [5, 5 + took, tool('build')],
    [5 + took, 7 + took, call()],
  ];
  const tasks = eachOf(4, () => ({ from: 0, to: 10, inside: inside(3) }));
  return swarmOf([...tasks, { id: 'held', from: 0, to: 7 + seconds, inside: inside(seconds) }], { slots: 5 });
}

/** The first attempt fails after so long, the second takes 10 s, as the other tasks do. */
export function rework(seconds: number): RunData {
  const inside: Inside = [[0, seconds, llm({ ...tokens(1_000, 100), ...priced(0.25) })]];
  const attempts: TaskSketch[] = [
    { id: 'a#1', from: 0, to: seconds, attempt: 1, isError: true, inside },
    { id: 'a#2', from: seconds, to: seconds + 10, attempt: 2, inside: [[0, 10, llm({ ...tokens(1_000, 100), ...priced(10) })]] },
  ];
  return swarmOf([...attempts, ...others(2, 10)], { slots: 3 });
}

/** A conflict that takes so long to resolve, and one second to merge again. */
export function mergeConflict(seconds: number): RunData {
  const conflict = git('merge', { [words.ATTR_ERROR_TYPE]: 'merge_conflict', [words.ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT]: 1 });
  const inside: Inside = [
    [0, 10, call()],
    [10, 11, conflict, true],
    [11, 11 + seconds, call()],
    [11 + seconds, 12 + seconds, git('merge')],
  ];
  return swarmOf([{ id: 'held', from: 0, to: 12 + seconds, inside }, ...others(3, 12)], { slots: 4 });
}

/** Two calls of a local model find its GPU free, six wait so long for their first chunk. */
export function gpuQueue(seconds: number): RunData {
  return swarmOf(
    eachOf(8, (index) => {
      const waited = index < 2 ? 0 : seconds;
      const attributes = {
        ...call(),
        [words.ATTR_GEN_AI_PROVIDER_NAME]: 'ollama',
        [words.ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: 0.5 + waited,
      };
      return { from: 0, to: 10 + waited, inside: [[0, 10 + waited, attributes]] };
    }),
    { slots: 8 },
  );
}

/** Four tasks of six calls of 2 s with as many tokens; the two in the middle take `times` as long. */
export function slowLlm(times: number): RunData {
  let at = 0;
  const inside: Inside = [1, 1, times, times, 1, 1].map((factor) => [at, (at += 2 * factor), call()]);
  return swarmOf(
    eachOf(4, () => ({ from: 0, to: at, inside })),
    { slots: 4 },
  );
}

/** Builds of 4 s one after the other, then eight at once of 8 s while the processors are as busy as told. */
export function cpuContention(busy: number | undefined): RunData {
  const alone: Inside = [0, 4, 8].map((at) => [at, at + 4, tool('build')]);
  const tasks = eachOf(8, () => ({ from: 12, to: 20, inside: [[0, 8, tool('build')]] }));
  const data = swarmOf([{ id: 'alone', from: 0, to: 12, inside: alone }, ...tasks], { slots: 8 });
  if (busy === undefined) return data;
  const readings = [4, 8, 12, 16, 20].map((seconds) => ({ timeMs: T0 + seconds * 1_000, share: seconds <= 12 ? 0.25 : busy }));
  const series = (mode: string, of: (share: number) => number): MetricSeries => ({
    name: words.METRIC_SYSTEM_CPU_UTILIZATION.name,
    unit: '1',
    kind: 'gauge',
    isMonotonic: false,
    attributes: { [words.ATTR_CPU_MODE]: mode },
    instanceId: 'i',
    points: readings.map(({ timeMs, share }) => ({ timeMs, value: of(share) })),
  });
  return { ...data, series: [...data.series, series('idle', (share) => 1 - share), series('user', (share) => share)] };
}

const price = createPricer();
const priced = (amount: number): Attributes => ({
  [words.ATTR_SWARMSCOPE_COST_AMOUNT]: amount,
  [words.ATTR_SWARMSCOPE_COST_CURRENCY]: 'USD',
});

/** One conversation with gpt-4o: $2.50 a million tokens in, $1.25 of them from the cache, $10 out. */
function conversation(calls: readonly { at: number; input: number; cached?: number }[]): RunData {
  const spans = calls.map(({ at, input, cached }, index) =>
    price(
      span({
        id: `c${index}`,
        parent: 't',
        from: at,
        to: at + 1,
        attributes: {
          ...call(100, input),
          ...(cached === undefined ? {} : { [words.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: cached }),
          [words.ATTR_GEN_AI_PROVIDER_NAME]: 'openai',
          [words.ATTR_GEN_AI_REQUEST_MODEL]: 'gpt-4o',
        },
      }),
    ),
  );
  const end = Math.max(...calls.map(({ at }) => at)) + 1;
  return run(end, [span({ id: 't', from: 0, to: end, attributes: task('implement') }), ...spans], [limit('', 1)]);
}

/** A tool's result of so many tokens, which two calls send. */
export const contextBloat = (result: number): RunData =>
  conversation([
    { at: 0, input: 1_000 },
    { at: 2, input: 1_100 + result },
    { at: 4, input: 1_200 + result },
  ]);

/** A call that reads nothing of the tokens that the one before it had sent, so many seconds after its end. */
export const cacheMiss = (sent: number, gapSeconds: number): RunData =>
  conversation([
    { at: 0, input: sent, cached: 0 },
    { at: 1 + gapSeconds, input: sent + 200, cached: 0 },
  ]);
