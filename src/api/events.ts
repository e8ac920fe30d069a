/** The verbs by which a program says what it did, where it is, and where it goes on. */
import { likeFunction } from '../hooks/wrap-method.ts';
import { recorderOf } from './recorder-of.ts';
import type { OptimizationFacts, RouteFacts, ToldEvent } from '../recording/types.ts';

/** Options of {@link decision}. */
export interface DecisionDescription {
  /** The part of the program that decided: `planner`, `scheduler`, `judge`. */
  component: string;
  chosen: string;
  alternatives?: readonly string[];
}

/** Options of {@link handoff}. */
export interface HandoffDescription {
  /** Default: the agent that it is called in. */
  from?: string;
  to: string;
}

/** Options of {@link route}. */
export type RouteDescription = { -readonly [K in keyof RouteFacts]: RouteFacts[K] };

/** Options of {@link optimization}. */
export type OptimizationDescription = { -readonly [K in keyof OptimizationFacts]: OptimizationFacts[K] };

/**
 * Tells what a part of the program chose and what else there was: event `swarmscope.decision.made` at the current place.
 * @example decision({ component: 'scheduler', chosen: 'cart', alternatives: ['stock', 'prices'] });
 */
export function decision(description: DecisionDescription): string | undefined {
  return tell({ ...description, kind: 'decision' });
}

/**
 * Tells that an agent hands its work over: event `swarmscope.agent.handoff`.
 * @example handoff({ to: 'reviewer' });
 */
export function handoff(description: HandoffDescription): string | undefined {
  return tell({ ...description, kind: 'handoff' });
}

/**
 * Tells which model was chosen and why: event `swarmscope.routing.decision.made`, counted in `swarmscope.routing.decisions`.
 * @example route({ tier: 'small', model: 'gpt-4o-mini', reason: 'short prompt', complexity: 0.2 });
 */
export function route(description: RouteDescription): string | undefined {
  return tell({ ...description, kind: 'route' });
}

/**
 * Tells that a context was made smaller, and from how many tokens to how many: event `swarmscope.context.optimized`, counted in
 * `swarmscope.context.optimization.tokens`. Nothing is told where the tokens are no counts.
 * @example optimization({ optimizer: 'trim-history', tokensBefore: 120_000, tokensAfter: 40_000 });
 */
export function optimization(description: OptimizationDescription): string | undefined {
  return tell({ ...description, kind: 'optimization' });
}

/**
 * A function that records below the current place, whoever calls it: for callbacks that a library keeps.
 * @example emitter.on('answer', bind((answer) => withTask('read', () => read(answer))));
 */
export function bind<Arguments extends unknown[], Result>(
  fn: (this: unknown, ...args: Arguments) => Result,
): (this: unknown, ...args: Arguments) => Result {
  try {
    const recorder = recorderOf();
    const frame = recorder?.current();
    if (recorder === undefined || frame === undefined) return fn;
    return likeFunction(fn, function (this: unknown, ...args: Arguments): Result {
      return recorder.resume(frame, () => Reflect.apply(fn, this, args));
    });
  } catch {
    // A recorder of another version: the function stays where it is called.
    return fn;
  }
}

/**
 * The W3C `traceparent` of the current place, to be kept with a job: `parent` or `links` of the task that works on it, in
 * this process or another one. undefined without a preload.
 */
export function traceparent(): string | undefined {
  try {
    return recorderOf()?.carrier()['TRACEPARENT'];
  } catch {
    return undefined;
  }
}

/** What was wrong with it, if anything was. */
function tell(event: ToldEvent): string | undefined {
  try {
    return recorderOf()?.tell(event);
  } catch {
    // A recorder of another version: it is not told.
    return undefined;
  }
}
