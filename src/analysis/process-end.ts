/** How things ended: what failed, and which processes were stopped on purpose by a signal such as SIGTERM. */
import * as names from '../semconv/index.ts';
import { numberOf, textOf, type SpanNode } from './span-tree.ts';

/** Signals that ask a process to end. Others (SIGKILL, SIGSEGV, SIGABRT) do not ask. */
const POLITE: ReadonlySet<string> = new Set(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);

/** The signal by which the process was stopped. Undefined when it ended by itself or was killed. */
export function stopSignal(node: SpanNode): string | undefined {
  const signal =
    node.class === 'process' || node.class === 'git' ? textOf(node.row.attributes, names.ATTR_SWARMSCOPE_PROCESS_SIGNAL) : undefined;
  return signal !== undefined && POLITE.has(signal) ? signal : undefined;
}

/** Whether what the span stands for failed: the one definition behind every count of failures. */
export function isFailed(node: SpanNode): boolean {
  if (node.class === 'process') return isFailedProcess(node);
  return stopSignal(node) === undefined && (node.row.isError || textOf(node.row.attributes, names.ATTR_ERROR_TYPE) !== undefined);
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
