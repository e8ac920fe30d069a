/** The callback handler that LangChain calls: hands on what a run is, and never fails. */
import type { OffSwitch } from '../off-switch.ts';
import type { Runs } from './runs.ts';

export const HANDLER_NAME = 'swarmscope';

/** In the order in which LangChain passes them, since `@langchain/core` 0.3. */
type RunArguments = readonly [
  serialized: unknown,
  input: unknown,
  runId: string,
  parentRunId?: string,
  tags?: unknown,
  metadata?: unknown,
  ...more: unknown[],
];

export interface HandlerOptions {
  readonly runs: Runs;
  readonly gate: OffSwitch;
  /** Of the tool that calls back. */
  readonly toolName: () => string | undefined;
  /** The graph that is read: told of its run. */
  readonly graph: () => { runId: string | undefined } | undefined;
}

/** What any version asks of a handler. LangChain awaits it, so that a run's span is open when its work begins. */
export function handlerOf({ runs, gate, toolName, graph }: HandlerOptions): object {
  const safely = (fn: () => void): void => void gate.safely(fn);
  const handler = {
    name: HANDLER_NAME,
    lc_serializable: false,
    awaitHandlers: true,
    raiseError: false,
    ignoreLLM: true,
    ignoreChain: false,
    ignoreAgent: false,
    ignoreRetriever: true,
    ignoreCustomEvent: true,
    copy: () => handler,
    handleChainStart: (...args: RunArguments) => safely(() => runs.startChain({ ...common(args), name: nameIn(args[7]), reader: graph() })),
    handleChainEnd: (_outputs: unknown, runId: string) => safely(() => runs.end(runId, {})),
    handleChainError: (error: unknown, runId: string) => safely(() => runs.end(runId, { error })),
    handleToolStart: (...args: RunArguments) =>
      safely(() => runs.startTool({ ...common(args), name: nameIn(args[6]) ?? toolName(), input: args[1], callId: nameIn(args[7]) })),
    handleToolEnd: (output: unknown, runId: string) => safely(() => runs.end(runId, { output })),
    handleToolError: (error: unknown, runId: string) => safely(() => runs.end(runId, { error })),
  };
  return handler;
}

function common([serialized, , runId, parentRunId, tags, metadata]: RunArguments) {
  const id = (serialized as { id?: unknown } | undefined)?.id;
  return {
    id: Array.isArray(id) ? id.map(String) : [],
    runId,
    parentRunId,
    tags: Array.isArray(tags) ? tags : [],
    metadata: (metadata ?? {}) as Readonly<Record<string, unknown>>,
  };
}

function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
