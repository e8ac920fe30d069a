/** What a simulated swarm is like: drawn from a seed, with the causes that are put in. */
import type { FindingKind } from '../../src/analysis/index.ts';
import { draw } from './engine.ts';

export interface World {
  readonly seed: number;
  readonly tasks: number;
  readonly workers: number;
  readonly turns: [number, number];
  readonly llmSeconds: number;
  readonly toolSeconds: number;
  readonly sigma: number;
  readonly model: string;
  readonly provider: string;
  /** Tasks come in batches of so many; 0: continuous dispatch. */
  readonly batch: number;
  /** `none`, a share of tasks with one dependency, or a chain of so many lanes. */
  readonly dependencies: { kind: 'none' } | { kind: 'some'; share: number } | { kind: 'lanes'; lanes: number } | { kind: 'steps' };
  readonly planSeconds: number;
  readonly closeSeconds: number;
  readonly dispatchSeconds: number;
  readonly resultSeconds: number;
  /** Calls at once that the provider takes. */
  readonly providerLimit: number;
  readonly retryAfter: number;
  readonly mergeSeconds: number;
  readonly isMergeLocked: boolean;
  readonly humanShare: number;
  readonly humanSeconds: number;
  readonly startSeconds: number;
  readonly setUpSeconds: number;
  readonly loops: number;
  readonly loopRounds: number;
  readonly hangSeconds: number;
  readonly failShare: number;
  readonly conflictShare: number;
  readonly conflictSeconds: number;
  readonly gpuPlaces: number;
  readonly slowFrom: number;
  readonly slowTo: number;
  readonly slowTimes: number;
  readonly cores: number;
  readonly heavyShare: number;
  readonly bloatShare: number;
  readonly bloatTokens: number;
  readonly cacheShare: number;
  readonly stragglerTimes: number;
  /** Work that other calls of the budget are lost to: a refused task fails as a whole after so many refusals. */
  readonly giveUpAfter: number;
  /** Rounds that ask for the same again until the result changes: no loop. */
  readonly polls: number;
}

/** What is put in, and how. */
export type Cause = FindingKind;

/** Two swarms of one seed and other causes differ by the causes alone. */
export function worldOf(seed: number, causes: readonly Cause[]): World {
  const u = (key: string): number => draw(seed, 'world', key);
  const between = (key: string, low: number, high: number): number => low + (high - low) * u(key);
  const whole = (key: string, low: number, high: number): number => Math.floor(between(key, low, high + 1));
  const tasks = whole('tasks', 8, 28);
  const isClaude = u('model') < 0.5;
  const base: World = {
    seed,
    tasks,
    // Enough for all that can run: a healthy swarm does not wait for workers.
    workers: Math.max(4, Math.ceil(tasks * between('width', 1, 1.3))),
    turns: [whole('turns', 4, 6), whole('turns', 4, 6) + whole('more turns', 0, 2)],
    llmSeconds: between('llm', 4, 9),
    toolSeconds: between('tool', 1, 4),
    sigma: between('sigma', 0.1, 0.25),
    model: isClaude ? 'claude-sonnet-4-5' : 'gpt-5-mini',
    provider: isClaude ? 'anthropic' : 'openai',
    batch: 0,
    dependencies: { kind: 'none' },
    planSeconds: between('plan', 0, 8),
    closeSeconds: between('close', 0, 6),
    dispatchSeconds: between('dispatch', 0.02, 0.15),
    resultSeconds: between('result', 0.02, 0.15),
    providerLimit: Infinity,
    retryAfter: between('retry', 3, 12),
    mergeSeconds: between('merge', 0.1, 0.5),
    isMergeLocked: u('lock') < 0.5,
    humanShare: 0,
    humanSeconds: between('human', 40, 90),
    startSeconds: u('process') < 0.5 ? between('start', 0.2, 0.8) : 0,
    setUpSeconds: u('set-up') < 0.4 ? between('set-up-s', 0.3, 1.5) : 0,
    loops: 0,
    loopRounds: whole('rounds', 6, 14),
    hangSeconds: 0,
    failShare: 0,
    conflictShare: 0,
    conflictSeconds: between('conflict', 30, 60),
    gpuPlaces: Infinity,
    slowFrom: 0,
    slowTo: 0,
    slowTimes: 1,
    cores: Infinity,
    heavyShare: 0,
    bloatShare: 0,
    bloatTokens: whole('bloat', 20_000, 60_000),
    cacheShare: u('cache') < 0.7 ? 1 : 0.97,
    stragglerTimes: 1,
    giveUpAfter: Infinity,
    polls: u('polls') < 0.15 ? whole('polling', 2, 3) : 0,
  };
  return causes.reduce((world, cause) => put(cause, world, { between, whole, u }), base);
}

interface Luck {
  readonly between: (key: string, low: number, high: number) => number;
  readonly whole: (key: string, low: number, high: number) => number;
  readonly u: (key: string) => number;
}

function put(cause: Cause, world: World, { between, whole, u }: Luck): World {
  switch (cause) {
    case 'barrier':
      return {
        ...world,
        batch: whole('batch', 4, 7),
        workers: Math.min(world.workers, 8),
        sigma: 0.45,
        dependencies: { kind: 'some', share: 0.5 },
      };
    case 'straggler':
      return { ...world, stragglerTimes: between('times', 2.6, 6) };
    case 'serial_orchestrator':
      return u('which') < 0.5
        ? { ...world, dispatchSeconds: between('planner', 5, 14) }
        : { ...world, resultSeconds: between('qa', 8, 22), workers: 4 };
    case 'dependency_chain':
      return { ...world, dependencies: { kind: 'lanes', lanes: whole('lanes', 1, 3) } };
    case 'too_few_workers':
      return { ...world, workers: whole('few', 1, 3), tasks: Math.max(12, world.tasks) };
    case 'too_many_workers':
      return {
        ...world,
        providerLimit: Math.max(1, Math.floor(world.workers * 0.35)),
        retryAfter: between('late', 25, 60),
        giveUpAfter: 2,
      };
    case 'rate_limit':
      return { ...world, providerLimit: Math.max(2, Math.floor(world.workers * between('cap', 0.3, 0.5))) };
    case 'lock_contention':
      return { ...world, mergeSeconds: between('slow merge', 10, 24), isMergeLocked: true };
    case 'human_wait':
      return { ...world, humanShare: between('asks', 0.06, 0.2) };
    case 'process_startup':
      return { ...world, startSeconds: between('slow start', 9, 20) };
    case 'workspace_setup':
      return { ...world, setUpSeconds: between('install', 14, 45) };
    case 'tool_loop':
      return { ...world, loops: Math.max(1, Math.round(world.tasks * 0.15)) };
    case 'hung_agent':
      return { ...world, hangSeconds: between('hang', 150, 600) };
    case 'rework':
      return { ...world, failShare: between('fail', 0.3, 0.5) };
    case 'merge_conflict':
      return { ...world, conflictShare: between('conflicts', 0.4, 0.7) };
    case 'gpu_queue':
      return {
        ...world,
        gpuPlaces: Math.max(1, Math.floor(world.workers * between('gpu', 0.25, 0.45))),
        provider: 'ollama',
        model: 'qwen3:32b',
      };
    case 'slow_llm':
      return { ...world, slowFrom: between('from', 0.2, 0.4), slowTo: between('to', 0.6, 0.85), slowTimes: between('slow', 3, 6) };
    case 'cpu_contention':
      return { ...world, cores: 4, heavyShare: between('heavy', 0.5, 0.8), toolSeconds: between('build', 5, 10) };
    case 'context_bloat':
      return { ...world, bloatShare: between('long', 0.2, 0.4) };
    case 'cache_miss':
      return { ...world, cacheShare: between('cold', 0, 0.25) };
  }
}

/** The world without one cause, to the letter of the definitions; structural kinds are left out in the simulator. */
export function leftOut(kind: Cause, world: World): World {
  switch (kind) {
    case 'serial_orchestrator':
      return { ...world, dispatchSeconds: 0, resultSeconds: 0 };
    case 'too_few_workers':
      return { ...world, workers: world.workers * 2 };
    case 'too_many_workers':
      return { ...world, workers: Math.max(1, Math.floor(world.workers / 2)) };
    case 'rate_limit':
      return { ...world, providerLimit: Infinity, giveUpAfter: Infinity };
    case 'lock_contention':
      return { ...world, isMergeLocked: false };
    case 'human_wait':
      return { ...world, humanSeconds: 0 };
    case 'process_startup':
      return { ...world, startSeconds: 0 };
    case 'workspace_setup':
      return { ...world, setUpSeconds: 0 };
    case 'tool_loop':
      return { ...world, loops: 0 };
    case 'hung_agent':
      return { ...world, hangSeconds: 0 };
    case 'rework':
      return { ...world, failShare: 0 };
    case 'merge_conflict':
      return { ...world, conflictShare: 0 };
    case 'gpu_queue':
      return { ...world, gpuPlaces: Infinity };
    case 'slow_llm':
      return { ...world, slowTimes: 1 };
    case 'cpu_contention':
      return { ...world, cores: Infinity };
    case 'context_bloat':
      return { ...world, bloatTokens: Math.min(world.bloatTokens, 2_000) };
    default:
      return world;
  }
}
