/** How a run of LangChain ended, by what it threw. */
import { ATTR_SWARMSCOPE_TASK_RESULT, SWARMSCOPE_TASK_RESULT_VALUE_CANCELLATION } from '../../semconv/index.ts';
import { errorTypeOf } from '../../semconv/error-type.ts';

/** LangGraph stops a node by these, to go on after a person's answer or not at all. */
const STOPS: ReadonlySet<unknown> = new Set(['GraphInterrupt', 'NodeInterrupt', 'GraphBubbleUp', 'GraphDrained']);
/** A node hands on to one of the graph around its own. */
const HANDS_ON = 'ParentCommand';
/** The words of plain errors by which it says that it was aborted. */
const ABORTED: ReadonlySet<unknown> = new Set(['Abort', 'Aborted']);

export const CANCELLED = { [ATTR_SWARMSCOPE_TASK_RESULT]: SWARMSCOPE_TASK_RESULT_VALUE_CANCELLATION };

export interface End {
  readonly errorType: string | undefined;
  /** It did not come to its end, and nothing failed. */
  readonly isCancelled: boolean;
}

export function isInterrupt(error: unknown): boolean {
  const name = textIn(error, 'name');
  return name === 'GraphInterrupt' || name === 'NodeInterrupt';
}

export function endOf(outcome: { readonly error?: unknown; readonly isLeft?: boolean }): End {
  if (outcome.isLeft === true) return { errorType: undefined, isCancelled: true };
  if (!('error' in outcome)) return { errorType: undefined, isCancelled: false };
  const { error } = outcome;
  const name = textIn(error, 'name');
  if (name === HANDS_ON) return { errorType: undefined, isCancelled: false };
  if (STOPS.has(name)) return { errorType: undefined, isCancelled: true };
  const isAborted = name === 'AbortError' || (name === 'Error' && ABORTED.has(textIn(error, 'message')));
  return { errorType: isAborted ? 'AbortError' : errorTypeOf(error), isCancelled: isAborted };
}

function textIn(error: unknown, key: 'name' | 'message'): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
}
