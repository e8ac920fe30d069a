/** What the LLM calls of this process have used up so far. */
import type { LlmUsage } from '../../semconv/telemetry.ts';

/** What no call told is not known, and not 0. */
export interface Spent {
  readonly llmCalls: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Of the calls that have a price. */
  readonly usd?: number;
}

export interface CallSpent {
  readonly usage: LlmUsage | undefined;
  readonly usd: number | undefined;
  /** One more attempt of a call that is counted already. */
  readonly isRepetition: boolean;
}

const nothing: Spent = { llmCalls: 0 };
const sums = new WeakMap<object, Spent>();

/** `of`: whose calls they are. */
export function addSpent(of: object, { usage, usd, isRepetition }: CallSpent): void {
  const before = spentOf(of);
  sums.set(of, {
    llmCalls: before.llmCalls + (isRepetition ? 0 : 1),
    ...plus('inputTokens', before.inputTokens, usage?.inputTokens),
    ...plus('outputTokens', before.outputTokens, usage?.outputTokens),
    ...plus('usd', before.usd, usd),
  });
}

export function spentOf(of: object): Spent {
  return sums.get(of) ?? nothing;
}

function plus<Name extends string>(name: Name, sum: number | undefined, value: number | undefined): { [N in Name]?: number } {
  if (sum === undefined && value === undefined) return {};
  return { [name]: (sum ?? 0) + (value ?? 0) } as { [N in Name]?: number };
}
