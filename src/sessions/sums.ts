/** Calls added up: tokens by class, and money by the prices. What no call tells is absent, never zero. */
import type { Pricing } from '../pricing/index.ts';
import { sumOf } from './json-values.ts';
import type { SessionStore } from './store.ts';
import { TOKEN_KINDS, type CallTokens, type Session, type SessionCall } from './types.ts';

export interface Sums {
  readonly calls: number;
  /** Without the calls that do not tell them. */
  readonly tokens: CallTokens;
  /** Calls that tell neither input nor output. */
  readonly callsWithoutTokens: number;
  /** USD, of the calls whose price is known; undefined where none is. */
  readonly cost: number | undefined;
  readonly callsWithoutPrice: number;
  /** Of the first and the last call, epoch ms. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
}

interface Priced {
  readonly model: string | undefined;
  /** Sum of all counts. */
  readonly tokens: number;
  readonly cost: number | undefined;
}

function tokenSum(tokens: CallTokens): number {
  let sum = 0;
  for (const kind of TOKEN_KINDS) sum += tokens[kind] ?? 0;
  return sum;
}

/** Prices calls and remembers what each costs until it says something else. */
export type CostOf = (call: SessionCall) => number | undefined;

export function createCosts(pricing: Pick<Pricing, 'priceOf'>): CostOf {
  const known = new WeakMap<SessionCall, Priced>();
  return (call) => {
    const { tokens, model, endMs } = call;
    const held = known.get(call);
    // Of one call each count only grows.
    if (held !== undefined && held.model === model && held.tokens === tokenSum(tokens)) return held.cost;
    // What the agent wrote down beside its tokens comes of the price that it was told by its provider.
    const cost = call.toldCost ?? (model === undefined ? undefined : priced(call, model, endMs));
    known.set(call, { model, tokens: tokenSum(tokens), cost });
    return cost;
  };

  function priced(call: SessionCall, model: string, time: number): number | undefined {
    const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = call.tokens;
    // Half of a bill is a wrong bill.
    if (inputTokens === undefined || outputTokens === undefined) return undefined;
    const { provider = '', serviceTier, speed, providerTools } = call;
    return pricing.priceOf({
      provider,
      model,
      time,
      usage: { ...call.tokens, inputTokens, outputTokens, cacheReadTokens: cacheReadTokens ?? 0, cacheWriteTokens: cacheWriteTokens ?? 0 },
      billing: { serviceTier, speed, providerTools },
    })?.amount;
  }
}

export function addUp(calls: Iterable<SessionCall>, costOf: CostOf): Sums {
  const tokens: { -readonly [Kind in keyof CallTokens]: CallTokens[Kind] } = {};
  let [count, callsWithoutTokens, callsWithoutPrice] = [0, 0, 0];
  let cost: number | undefined;
  let [firstMs, lastMs] = [Infinity, -Infinity];
  for (const call of calls) {
    count++;
    for (const kind of TOKEN_KINDS) {
      const told = call.tokens[kind];
      if (told !== undefined) tokens[kind] = (tokens[kind] ?? 0) + told;
    }
    if (call.tokens.inputTokens === undefined && call.tokens.outputTokens === undefined) callsWithoutTokens++;
    const one = costOf(call);
    if (one === undefined) callsWithoutPrice++;
    else cost = (cost ?? 0) + one;
    firstMs = Math.min(firstMs, call.startMs);
    lastMs = Math.max(lastMs, call.endMs);
  }
  return {
    ...{ calls: count, tokens, callsWithoutTokens, cost, callsWithoutPrice },
    firstMs: count === 0 ? undefined : firstMs,
    lastMs: count === 0 ? undefined : lastMs,
  };
}

/** Sums of one session's own calls, without a history that it took over; kept until a row about its calls comes. */
export function createSessionSums(store: SessionStore, costOf: CostOf): (session: Session) => Sums {
  const known = new WeakMap<Session, { mark: string; sums: Sums }>();
  return (session) => {
    // What it may have taken over depends on what is known of the other one.
    const other = session.forkedFrom === undefined ? undefined : store.sessions.get(`${session.agent}:${session.forkedFrom}`);
    const mark = `${session.revision}/${other?.revision ?? ''}`;
    const held = known.get(session);
    if (held?.mark === mark) return held.sums;
    const sums = addUp(ownCalls(store, session), costOf);
    known.set(session, { mark, sums });
    return sums;
  };
}

function* ownCalls(store: SessionStore, session: Session): Generator<SessionCall> {
  for (const call of store.callsOf(session)) if (call.isCopied !== true) yield call;
}

export function joinSums(all: readonly Sums[]): Sums {
  const tokens = Object.fromEntries(TOKEN_KINDS.map((kind) => [kind, sumOf(...all.map((each) => each.tokens[kind]))])) as CallTokens;
  const total = (read: (sums: Sums) => number): number => all.reduce((sum, each) => sum + read(each), 0);
  const times = (read: (sums: Sums) => number | undefined): number[] => all.flatMap((each) => read(each) ?? []);
  const [first, last] = [times(({ firstMs }) => firstMs), times(({ lastMs }) => lastMs)];
  return {
    tokens,
    calls: total(({ calls }) => calls),
    callsWithoutTokens: total(({ callsWithoutTokens }) => callsWithoutTokens),
    callsWithoutPrice: total(({ callsWithoutPrice }) => callsWithoutPrice),
    cost: sumOf(...all.map(({ cost }) => cost)),
    firstMs: first.length === 0 ? undefined : Math.min(...first),
    lastMs: last.length === 0 ? undefined : Math.max(...last),
  };
}
