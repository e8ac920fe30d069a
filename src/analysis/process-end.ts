/** How things ended: what failed, and which processes were stopped on purpose by a signal such as SIGTERM. */
import * as names from '../semconv/index.ts';
import { POLITE } from './interruption.ts';
import { numberOf, textOf, type SpanNode } from './span-tree.ts';

/**
 * The signal by which the process was stopped: a polite one, or any by which whoever started it ended it, which is no
 * error. Undefined when it ended by itself or was killed.
 */
export function stopSignal({ class: kind, row: { attributes } }: SpanNode): string | undefined {
  const signal = kind === 'process' || kind === 'git' ? textOf(attributes, names.ATTR_SWARMSCOPE_PROCESS_SIGNAL) : undefined;
  if (signal === undefined) return undefined;
  return POLITE.has(signal) || textOf(attributes, names.ATTR_ERROR_TYPE) === undefined ? signal : undefined;
}

/** Whether what the span stands for failed: the one definition behind every count of failures. */
export function isFailed(node: SpanNode): boolean {
  if (node.class === 'process') return isFailedProcess(node);
  const errorType = textOf(node.row.attributes, names.ATTR_ERROR_TYPE);
  // The span of an agent repeats the end of its process.
  if (stopSignal(node) !== undefined || (node.class === 'agent' && POLITE.has(errorType ?? ''))) return false;
  return node.row.isError || errorType !== undefined;
}

/** Whether a process failed. A stopped one did not; a failure that the parent process repeats counts for the parent. */
export function isFailedProcess(node: SpanNode): boolean {
  return hasFailed(node) && !isEchoed(node);
}

/** Whether the parent process failed too: both spans report one failure. */
export function isEchoed({ parent, class: kind }: SpanNode): boolean {
  return kind === 'process' && parent !== undefined && hasFailed(parent);
}

function hasFailed(node: SpanNode): boolean {
  if (node.class !== 'process' || stopSignal(node) !== undefined) return false;
  // Its parent ended first, so nobody knows how it ended.
  if (textOf(node.row.attributes, names.ATTR_ERROR_TYPE) === names.ERROR_TYPE_VALUE_PROCESS_EXIT) return false;
  const code = numberOf(node.row.attributes, names.ATTR_PROCESS_EXIT_CODE);
  return (
    (code !== undefined && code !== 0) ||
    textOf(node.row.attributes, names.ATTR_SWARMSCOPE_PROCESS_SIGNAL) !== undefined ||
    textOf(node.row.attributes, names.ATTR_ERROR_TYPE) !== undefined ||
    node.row.isError
  );
}
