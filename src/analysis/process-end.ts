/** How a child process ended: well, failed, or stopped on purpose by a polite signal. */
import {
  ATTR_ERROR_TYPE,
  ATTR_PROCESS_EXIT_CODE,
  ERROR_TYPE_VALUE_PROCESS_EXIT,
  ATTR_SWARMSCOPE_PROCESS_SIGNAL,
} from '../semconv/index.ts';
import { numberOf, textOf, type SpanNode } from './span-tree.ts';

/** Signals that ask a process to end; the others (SIGKILL, SIGSEGV, SIGABRT) end it whether it wants or not. */
const POLITE: ReadonlySet<string> = new Set(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);

/** The signal by which somebody stopped it; undefined when it ended by itself or was killed. */
export function stopSignal(node: SpanNode): string | undefined {
  const signal = node.class === 'process' || node.class === 'git' ? textOf(node.row.attributes, ATTR_SWARMSCOPE_PROCESS_SIGNAL) : undefined;
  return signal !== undefined && POLITE.has(signal) ? signal : undefined;
}

/** A child process that failed; a stopped one did not, and one whose failure only became that of the process around it is told there. */
export function isFailedProcess(node: SpanNode): boolean {
  return hasFailed(node) && !isEchoed(node);
}

/** The process around it failed too: one failure, told twice. */
export function isEchoed({ parent, class: kind }: SpanNode): boolean {
  return kind === 'process' && parent !== undefined && hasFailed(parent);
}

function hasFailed(node: SpanNode): boolean {
  if (node.class !== 'process' || stopSignal(node) !== undefined) return false;
  // How it ended is unknown: whoever had started it ended first.
  if (textOf(node.row.attributes, ATTR_ERROR_TYPE) === ERROR_TYPE_VALUE_PROCESS_EXIT) return false;
  const code = numberOf(node.row.attributes, ATTR_PROCESS_EXIT_CODE);
  return (
    (code !== undefined && code !== 0) || textOf(node.row.attributes, ATTR_SWARMSCOPE_PROCESS_SIGNAL) !== undefined || node.row.isError
  );
}
