/** What ended because the whole run was interrupted: by Ctrl-C, which reaches every process of the terminal. */
import * as names from '../semconv/index.ts';
import type { RunData, SpanRow } from './model.ts';

/**
 * Signals that ask a process to end, and the exit code by which a shell and many programs say that they were asked.
 * Others (SIGKILL, SIGSEGV, SIGABRT) do not ask.
 */
export const POLITE: ReadonlyMap<string, number> = new Map([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
]);

/** The exit codes, `128 + n`, of a run that a signal asked to end. */
export type Interruption = ReadonlySet<number>;

/** Empty for a run that nobody interrupted. */
export function interruptionOf({ run, spans }: RunData): Interruption {
  const told = spans
    .filter(({ attributes }) => attributes[names.ATTR_GEN_AI_OPERATION_NAME] === names.GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW)
    .map(({ attributes }) => attributes[names.ATTR_SWARMSCOPE_PROCESS_SIGNAL]);
  const codes = [...POLITE].filter(([signal, code]) => run.signal === signal || run.exitCode === code || told.includes(signal));
  return new Set(codes.map(([, code]) => code));
}

/** A process, or the agent in it, that says by its exit code that it ended for the run's signal was stopped and did not fail. */
export function withoutInterrupted(row: SpanRow, interruption: Interruption): SpanRow {
  const code = Number(row.attributes[names.ATTR_ERROR_TYPE]);
  if (!interruption.has(code)) return row;
  const isProcess = row.attributes[names.ATTR_PROCESS_EXIT_CODE] === code;
  if (!isProcess && row.attributes[names.ATTR_GEN_AI_OPERATION_NAME] !== names.GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT) return row;
  const { [names.ATTR_ERROR_TYPE]: _failure, ...attributes } = row.attributes;
  const signal = [...POLITE].find((each) => each[1] === code)?.[0] ?? '';
  return { ...row, isError: false, attributes: isProcess ? { ...attributes, [names.ATTR_SWARMSCOPE_PROCESS_SIGNAL]: signal } : attributes };
}
