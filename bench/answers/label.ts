/** What is true of a simulated swarm: each kind is left out alone, and the swarm is simulated again. */
import { FINDING_KINDS, type FindingKind } from '../../src/analysis/index.ts';
import { priceOf } from '../../src/pricing/index.ts';
import * as names from '../../src/semconv/index.ts';
import type { Changes, Outcome } from './stage.ts';
import { simulate } from './swarm.ts';
import { leftOut, type World } from './world.ts';

export interface Truth {
  /** Seconds and dollars that leaving the kind out saves. */
  readonly seconds: number;
  readonly usd: number;
  /** The larger of its shares of wall time and cost. */
  readonly share: number;
}

export interface Labels {
  readonly truths: Readonly<Record<FindingKind, Truth>>;
  readonly present: readonly FindingKind[];
  readonly absent: readonly FindingKind[];
  readonly seconds: number;
  readonly usd: number;
}

export const PRESENT = 0.1;
export const ABSENT = 0.05;
/** Kinds that may save money alone. */
const COSTLY: ReadonlySet<FindingKind> = new Set(['tool_loop', 'rework', 'merge_conflict', 'context_bloat', 'cache_miss']);

export function labelsOf(world: World, actual: Outcome): Labels {
  const usd = costOf(world, actual);
  const again = (kind: FindingKind, changes: Changes = {}): Outcome => simulate(leftOut(kind, world), { slow: actual.slow, ...changes });
  const withoutBatches = again('barrier', { isWithoutBatches: true });
  const freed = [false, true].map((isBackwards) =>
    again('dependency_chain', { isWithoutBatches: true, isWithoutDependencies: true, isBackwards }),
  );
  const straggled = stragglerOf(actual);
  const truths = Object.fromEntries(
    FINDING_KINDS.map((kind): [FindingKind, Truth] => {
      let seconds = 0;
      let saved = 0;
      if (kind === 'barrier') seconds = world.batch > 0 ? actual.seconds - withoutBatches.seconds : 0;
      else if (kind === 'dependency_chain') seconds = Math.min(...freed.map((each) => withoutBatches.seconds - each.seconds));
      else if (kind === 'straggler') seconds = straggled === undefined ? 0 : actual.seconds - again(kind, { scaled: straggled }).seconds;
      else if (kind === 'cache_miss') saved = usd - costOf(world, actual, true);
      else {
        const without = again(kind);
        seconds = actual.seconds - without.seconds;
        if (COSTLY.has(kind)) saved = usd - costOf(world, without);
      }
      return [kind, { seconds, usd: saved, share: Math.max(seconds / actual.seconds, COSTLY.has(kind) ? saved / usd : 0) }];
    }),
  ) as unknown as Record<FindingKind, Truth>;
  const isEdge = straggled !== undefined && straggled.ratio < 2.2 && straggled.ratio > 1.7;
  const lots = lotsOf(world, actual);
  const isLuck = lots.some((gain) => gain < ABSENT) && truths.too_many_workers.share >= ABSENT;
  const isBadLuck = truths.too_many_workers.share < ABSENT && lots.some((gain) => gain >= PRESENT);
  const isJudged = (kind: FindingKind): boolean =>
    kind === 'straggler' ? !isEdge : kind === 'too_many_workers' ? !isLuck && !isBadLuck : true;
  return {
    truths,
    present: FINDING_KINDS.filter((kind) => truths[kind].share >= PRESENT && isJudged(kind)),
    absent: FINDING_KINDS.filter((kind) => truths[kind].share < ABSENT && isJudged(kind)),
    seconds: actual.seconds,
    usd,
  };
}

const LOTS = [1, 2, 3, 4];

/** Shares of the wall time that half the workers save with other luck: a gain that is not there for these, too, is not judged. */
function lotsOf(world: World, { slow }: Outcome): number[] {
  if (!Number.isFinite(world.providerLimit)) return [];
  return LOTS.map((lot) => {
    const asItWas = simulate(world, { slow, lot }).seconds;
    return (asItWas - simulate(leftOut('too_many_workers', world), { slow, lot }).seconds) / asItWas;
  });
}

/** The task with the most own work against the median, where that is more than about twice as much. */
function stragglerOf({ work }: Outcome): { task: number; factor: number; ratio: number } | undefined {
  const sorted = work.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const most = sorted.at(-1) ?? 0;
  return most > 1.7 * median ? { task: work.indexOf(most), factor: median / most, ratio: most / median } : undefined;
}

function costOf(world: World, { calls }: Outcome, isCached = false): number {
  const before = new Map<string, { input: number; to: number }>();
  let sum = 0;
  for (const { span, conversation } of calls) {
    const read = (name: string): number => Number(span.attributes[name] ?? 0);
    const inputTokens = read(names.ATTR_GEN_AI_USAGE_INPUT_TOKENS);
    const last = before.get(conversation);
    const warm = last !== undefined && span.from - last.to < 300 && last.input >= 1_024 ? Math.min(last.input, inputTokens) : 0;
    const cacheReadTokens = Math.max(read(names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS), isCached ? warm : 0);
    const usage = {
      inputTokens,
      outputTokens: read(names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS),
      cacheReadTokens,
      cacheWriteTokens: world.provider === 'anthropic' ? inputTokens - cacheReadTokens : 0,
    };
    sum += priceOf({ provider: world.provider, model: world.model, usage, time: Date.UTC(2026, 10, 1) })?.amount ?? 0;
    before.set(conversation, { input: inputTokens, to: span.to ?? span.from });
  }
  return sum;
}
