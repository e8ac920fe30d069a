/** Adds up what LLM calls used while a run goes on. A call that two senders tell is counted once, as far as can be known so early. */
import { processOf } from '../../analysis/call-tellers.ts';
import type { SpanRow } from '../../analysis/index.ts';
import * as names from '../../semconv/index.ts';
import { refusalOf } from '../../semconv/refusal.ts';
import { Recent } from './recent.ts';

export interface Usage {
  /** Calls that have ended. */
  llmCallsDone: number;
  inputTokens: number;
  outputTokens: number;
  /** USD; undefined until a priced call was seen. */
  cost: number | undefined;
  /** Refused attempts (429, 503, 529). */
  rateLimited: number;
}

export interface LiveUsage {
  /** A call that has ended. */
  add(call: SpanRow): void;
  total(): Usage;
}

/** What one process used, told by us and by its own telemetry: where we see its calls, we see all of them. */
interface Process {
  ours: Usage | undefined;
  others: Usage | undefined;
}

interface Told {
  readonly scopeName: string;
  readonly used: Usage;
  /** The sum that it is part of. */
  readonly sum: Usage;
}

/** Answers that are remembered, and processes that are told apart; protect the memory: 20 MB and 2 MB at most. */
const MAX_ANSWERS = 100_000;
const MAX_PROCESSES = 10_000;
const MAX_ID_CHARACTERS = 128;

export function createLiveUsage(): LiveUsage {
  const told = new Recent<string, Told>(MAX_ANSWERS);
  const processes = new Map<number | undefined, Process>();

  function sumOf(call: SpanRow): Usage {
    const { sender } = call;
    const pid = processOf({ row: call, parent: undefined });
    const key = processes.has(pid) || processes.size < MAX_PROCESSES ? pid : undefined;
    const process = processes.get(key) ?? { ours: undefined, others: undefined };
    processes.set(key, process);
    return (process[sender === undefined ? 'others' : 'ours'] ??= nothing());
  }

  return {
    add(call) {
      const id = call.attributes[names.ATTR_GEN_AI_RESPONSE_ID];
      const isKnown = typeof id === 'string' && id.length <= MAX_ID_CHARACTERS;
      const before = isKnown ? told.get(id) : undefined;
      // A cache answers with one id for ever: only another teller tells the same call a second time.
      const isTwice = before !== undefined && before.scopeName !== call.scopeName;
      if (isTwice && call.sender === undefined) return;
      if (isTwice) add(before.sum, before.used, -1);
      const [used, sum] = [usedBy(call), sumOf(call)];
      add(sum, used, 1);
      if (isKnown) told.set(id, { scopeName: call.scopeName, used, sum });
    },
    total() {
      const sum = nothing();
      for (const [pid, { ours, others }] of processes)
        for (const used of pid === undefined ? [ours, others] : [ours ?? others]) if (used !== undefined) add(sum, used, 1);
      return sum;
    },
  };
}

function add(sum: Usage, { llmCallsDone, inputTokens, outputTokens, cost, rateLimited }: Usage, times: 1 | -1): void {
  sum.llmCallsDone += times * llmCallsDone;
  sum.inputTokens += times * inputTokens;
  sum.outputTokens += times * outputTokens;
  sum.rateLimited += times * rateLimited;
  if (cost !== undefined) sum.cost = (sum.cost ?? 0) + times * cost;
}

function nothing(): Usage {
  return { llmCallsDone: 0, inputTokens: 0, outputTokens: 0, cost: undefined, rateLimited: 0 };
}

function usedBy({ attributes }: SpanRow): Usage {
  const errorType = attributes[names.ATTR_ERROR_TYPE];
  const statusCode = amountOf(attributes[names.ATTR_HTTP_RESPONSE_STATUS_CODE]);
  const isRefused = refusalOf({ statusCode, errorType: typeof errorType === 'string' ? errorType : undefined }) !== undefined;
  return {
    llmCallsDone: 1,
    inputTokens: amountOf(attributes[names.ATTR_GEN_AI_USAGE_INPUT_TOKENS]) ?? 0,
    outputTokens: amountOf(attributes[names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]) ?? 0,
    cost: amountOf(attributes[names.ATTR_SWARMSCOPE_COST_AMOUNT]),
    rateLimited: isRefused ? 1 : 0,
  };
}

/** Nobody used less than nothing, whatever a sender says. */
function amountOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
