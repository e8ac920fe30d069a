/** With half the workers the run would be shorter: what the provider refuses to them eats what the others gain. */
import { lowerBound, overlapMs } from '../schedule/intervals.ts';
import { replayWithProvider, type Provider, type Script, type Step } from '../schedule/provider-replay.ts';
import type { Schedule, Unit } from '../schedule/index.ts';
import { median, quantile } from '../statistics.ts';
import { mostTelling } from './by-loss.ts';
import { spoken, type Candidate, type Examined, type FindingRule } from './finding.ts';

export const tooManyWorkers: FindingRule = { kind: 'too_many_workers', find };

/** Fewer refusals do not tell how many calls the provider takes. */
const MIN_REFUSALS = 6;
/** The replay of the run as it was may miss it by so much; else it is not understood. */
const MAX_MISS = 0.25;
/** Replays with other luck: all of them must be shorter with half the workers by a twentieth, since which retry meets a free place is chance. */
const DRAWS = 15;
const MIN_GAIN = 0.05;

function find(examined: Examined): Candidate | undefined {
  const { schedule, losses } = examined;
  const { units, edges, facts } = schedule;
  const slots = edges.pools.reduce((sum, pool) => sum + pool.slots, 0);
  if (units.kind === 'whole' || slots < 2 || facts.refusals.size < MIN_REFUSALS || edges.batches.length > 1) return undefined;
  const provider = providerOf(examined);
  const half = Math.max(1, Math.floor(slots / 2));
  // Where all workers find a place, half of them are refused nothing less.
  if (provider.waitsMs.length === 0 || provider.places >= slots) return undefined;
  const scripts = scriptsOf(examined);
  if (scripts.length < 2) return undefined;
  const aroundMs = schedule.head.endMs - schedule.head.startMs + schedule.tail.endMs - schedule.tail.startMs;
  const draws = Array.from({ length: DRAWS }, (_each, at) => {
    const luck = Math.floor((at * provider.waitsMs.length) / DRAWS);
    const replayed = (workers: number): number => aroundMs + replayWithProvider(scripts, provider, workers, luck);
    const [asItWas, halved] = [replayed(slots), replayed(half)];
    return { asItWas, gain: (asItWas - halved) / asItWas };
  });
  if (!draws.every(({ asItWas }) => Number.isFinite(asItWas))) return undefined;
  const gains = draws.map(({ gain }) => gain);
  const missed = Math.abs(median(draws.map(({ asItWas }) => asItWas)) - schedule.wallMs) / schedule.wallMs;
  if (missed > MAX_MISS || gains.some((gain) => gain < MIN_GAIN)) return undefined;
  const savedMs = median(gains) * schedule.wallMs;
  return {
    savedMs,
    lowMs: Math.max(0, Math.min(...gains)) * schedule.wallMs,
    highMs: Math.max(...gains) * schedule.wallMs,
    confidence: 0.7,
    evidence: mostTelling(units.unitOf, losses.rateLimit),
    assumptions: [
      `the provider takes ${provider.places} calls at once, as many as were under way when it refused others`,
      'refused calls come again as late as they did',
    ],
    action: `Lower the limit from ${slots} to ${half} workers: what is refused to the others costs more than they do, about ${spoken(savedMs)}.`,
    where: { pools: edges.pools.map(({ name }) => name) },
  };
}

/** How many calls were under way when one was refused: so many the provider takes. */
function providerOf({ schedule }: Examined): Provider {
  const { facts } = schedule;
  const accepted = [...facts.llm.calls].filter((node) => !facts.refusals.has(node));
  const starts = accepted.map(({ startMs }) => startMs).sort((a, b) => a - b);
  const ends = accepted.map(({ endMs }) => endMs).sort((a, b) => a - b);
  const refused = [...facts.refusals.keys()];
  const taken = refused.map(({ startMs }) => lowerBound(starts, startMs + 1e-6) - lowerBound(ends, startMs + 1e-6));
  const waitsMs = facts.backoffs.map(({ startMs, endMs }) => endMs - startMs);
  return {
    places: Math.max(1, Math.round(quantile(taken, 0.9))),
    refusalMs: median(refused.map(({ startMs, endMs }) => endMs - startMs)),
    waitsMs,
    givesUpAfter: patienceOf(schedule),
  };
}

/** After how many refusals of a call an attempt fails, where attempts do. */
function patienceOf({ facts, units }: Schedule): number | undefined {
  const counts = units.all.filter((unit) => isGivenUp(facts, unit)).map((unit) => trailing(facts, unit));
  return counts.length === 0 ? undefined : Math.max(1, Math.round(median(counts)));
}

type Facts = Schedule['facts'];

function trailing(facts: Facts, { nodes }: Unit): number {
  const calls = nodes.filter((node) => node.class === 'llm' && facts.llm.calls.has(node));
  let count = 0;
  for (const call of calls.toReversed()) {
    if (!facts.refusals.has(call)) break;
    count++;
  }
  return count;
}

/** The last call of the unit was refused, and nothing came after it. */
function isGivenUp(facts: Facts, unit: Unit): boolean {
  return !unit.isOpen && trailing(facts, unit) > 0;
}

/** What each task does, without what it lost to refusals; attempts that were given up are begun again by the replay. */
function scriptsOf({ schedule, losses }: Examined): Script[] {
  const { units, edges, facts } = schedule;
  const done = units.all.filter((unit) => !isGivenUp(facts, unit));
  const placeOf = new Map(done.map((unit, place) => [unit.index, place]));
  return done.map((unit): Script => {
    const steps: Step[] = [];
    const lost = losses.rateLimit.byUnit.get(unit) ?? [];
    let atMs = unit.startMs;
    const own = (untilMs: number): void => {
      if (untilMs > atMs) steps.push({ ms: untilMs - atMs - overlapMs(lost, atMs, untilMs), isCall: false });
      atMs = Math.max(atMs, untilMs);
    };
    for (const node of unit.nodes) {
      if (node.class !== 'llm' || !facts.llm.calls.has(node) || facts.refusals.has(node)) continue;
      own(node.startMs);
      if (node.endMs > atMs) steps.push({ ms: node.endMs - atMs, isCall: true });
      atMs = Math.max(atMs, node.endMs);
    }
    own(unit.endMs);
    const needs = (edges.told[unit.index] ?? []).flatMap((need) => placeOf.get(need) ?? []);
    return { steps, needs };
  });
}
