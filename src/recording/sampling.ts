/**
 * Which pieces of work have spans while a policy samples. A piece (a task, an agent, a call; the outermost one) then begins a trace
 * of its own, linked to the run, and its trace id decides for all of it, in each process: a trace is there whole or not at all.
 */
import { ROOT_CONTEXT, trace, TraceFlags, type Context } from '@opentelemetry/api';
import type { LivePolicies } from '../config/policies/live.ts';
import type { Frame } from './types.ts';

/** In the context of a piece and of what is below it: the share that was in force when it began. One for all bundles. */
export const SAMPLED_SHARE = Symbol.for('swarmscope.sampled-share.1');

export interface PieceOptions {
  readonly policies: LivePolicies;
  /** Of the run that this process leads. */
  readonly runTraceId: string | undefined;
  /** Where it begins. */
  readonly above: Frame | undefined;
}

/** The context in which a piece begins; undefined where all are recorded, or where it is a part of what was decided before. */
export function contextOfPiece({ policies, runTraceId, above }: PieceOptions): Context | undefined {
  const { sampling = 1 } = policies.policies;
  if (sampling >= 1 || above?.isInPiece === true) return undefined;
  const span = above && trace.getSpanContext(above.context);
  const isRunItself = span === undefined || (span.traceId === (policies.runTraceId ?? runTraceId) && isSampled(span.traceFlags));
  return isRunItself ? ROOT_CONTEXT.setValue(SAMPLED_SHARE, sampling) : undefined;
}

const isSampled = (flags: number): boolean => (flags & TraceFlags.SAMPLED) !== 0;
