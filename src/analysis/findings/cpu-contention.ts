/** Tools and builds take longer the more of them run: the machine has too few cores for them. */
import { METRIC_SYSTEM_CPU_UTILIZATION, ATTR_CPU_MODE, ATTR_GEN_AI_TOOL_NAME } from '../../semconv/index.ts';
import { groupBy } from '../group-by.ts';
import type { Schedule } from '../schedule/index.ts';
import { lowerBound } from '../schedule/intervals.ts';
import { median, quantile } from '../statistics.ts';
import { textOf, type SpanNode } from '../span-tree.ts';
import { byLoss } from './by-loss.ts';
import { spoken, spokenTimes, type FindingRule } from './finding.ts';
import { lossOf } from './losses.ts';
import type { Lost } from './losses/lost.ts';

const FULL = 0.9;
/** Slowed so much against what it would have taken alone. */
const TIMES = 1.5;
const MIN_TOOLS = 8;
/** Of the time of all tools: what takes less does not fill a machine. */
const MIN_SHARE = 0.15;

export const cpuContention: FindingRule = {
  kind: 'cpu_contention',
  find: (examined) => {
    const full = busyTimes(examined.schedule);
    // Without a reading of the processors a slow tool has a hundred other reasons.
    if (full === undefined || full.length === 0) return undefined;
    return byLoss(examined, lossOf(examined.schedule, slowedTools(examined.schedule, full)), {
      confidence: 0.75,
      assumptions: ['a tool takes alone what it took while the processors were not full'],
      action: (lost, savedMs) =>
        `Use a machine with more cores or run fewer builds and tests at once: ${spokenTimes(lost.length, 'tool')} were slowed while the processors were full, which cost about ${spoken(savedMs)}.`,
      where: (lost) => ({ tools: lost.map(({ node }) => toolName(node)) }),
    });
  },
};

interface Reading {
  readonly timeMs: number;
  readonly busy: number;
}

/** Readings in order of time, with their share of busy time; undefined where nobody read. */
function busyTimes({ facts }: Schedule): Reading[] | undefined {
  const series = facts.data.series.filter(({ name }) => name === METRIC_SYSTEM_CPU_UTILIZATION.name);
  if (series.length === 0) return undefined;
  const at = new Map<number, { idle: number; busy: number; hasIdle: boolean; hosts: number }>();
  for (const { attributes, points } of series) {
    const mode = textOf(attributes, ATTR_CPU_MODE);
    for (const { timeMs, value } of points) {
      const sums = at.get(timeMs) ?? { idle: 0, busy: 0, hasIdle: false, hosts: 0 };
      at.set(timeMs, sums);
      if (mode === 'idle') {
        sums.idle += value;
        sums.hasIdle = true;
        sums.hosts++;
      } else if (mode !== 'iowait') sums.busy += value;
    }
  }
  return [...at]
    .map(([timeMs, { idle, busy, hasIdle, hosts }]) => ({ timeMs, busy: hasIdle ? 1 - idle / hosts : busy }))
    .sort((a, b) => a.timeMs - b.timeMs);
}

function toolName(node: SpanNode): string {
  return textOf(node.row.attributes, ATTR_GEN_AI_TOOL_NAME) ?? node.row.name;
}

/** Durations where many run against those where few do: without such a difference the tools are long by nature. */
const MIN_DIFFERENCE = 1.3;

function slowedTools({ facts, units }: Schedule, readings: readonly Reading[]): Lost[] {
  if (!readings.some(({ busy }) => busy >= FULL)) return [];
  const tools = [...facts.tools, ...facts.children].filter(
    (node) =>
      !node.isOpen && !node.hasDeeperWork && !facts.sharedGaps.has(node) && !facts.servers.has(node) && node.parent?.class !== 'tool',
  );
  const allMs = tools.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const names = [...groupBy(tools, toolName).values()].filter((own) => {
    const ms = own.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
    return own.length >= MIN_TOOLS && ms >= MIN_SHARE * allMs;
  });
  const heavy = names.flat();
  const counts = new Concurrency(heavy);
  const places = placesOf(readings, counts);
  return names.flatMap((own) => {
    const timed = own.map((node) => {
      const ms = node.endMs - node.startMs;
      return { node, ms, aloneMs: counts.workMs(node, places), beside: counts.mean(node) };
    });
    timed.sort((a, b) => a.beside - b.beside);
    const third = Math.max(2, Math.floor(timed.length / 3));
    const typicalMs = (list: typeof timed): number => median(list.map(({ ms }) => ms));
    if (typicalMs(timed.slice(-third)) < MIN_DIFFERENCE * typicalMs(timed.slice(0, third))) return [];
    return timed.flatMap(({ node, ms, aloneMs }): Lost[] => {
      if (ms < TIMES * aloneMs) return [];
      return [{ node, unit: units.unitOf.get(node), startMs: node.startMs + aloneMs, endMs: node.endMs, isWork: true }];
    });
  });
}

/** How many such tools the machine carries at full speed: as many as ran for each full share of the processors, while these were not full. */
function placesOf(readings: readonly Reading[], counts: Concurrency): number {
  const seen = readings.flatMap(({ timeMs, busy }, index) => {
    const from = readings[index - 1]?.timeMs ?? timeMs - 1_000;
    const beside = counts.between(from, timeMs);
    return busy > 0.2 && busy < FULL && beside >= 0.3 ? [beside / busy] : [];
  });
  if (seen.length >= 2) return Math.max(1, median(seen));
  // Always full: the fewest that filled the processors.
  const filling = readings.flatMap(({ timeMs, busy }, index) =>
    busy >= FULL ? [counts.between(readings[index - 1]?.timeMs ?? timeMs - 1_000, timeMs)] : [],
  );
  return Math.max(1, quantile(filling, 0.1));
}

/** How many of the spans are under way at a time. */
class Concurrency {
  readonly #times: number[] = [];
  readonly #counts: number[] = [];

  constructor(nodes: readonly SpanNode[]) {
    const steps = nodes.flatMap(({ startMs, endMs }) => [
      { ms: startMs, by: 1 },
      { ms: endMs, by: -1 },
    ]);
    let count = 0;
    for (const { ms, by } of steps.sort((a, b) => a.ms - b.ms)) {
      count += by;
      this.#times.push(ms);
      this.#counts.push(count);
    }
  }

  /** Milliseconds that a span would have taken alone, where `places` of them run at full speed. */
  workMs({ startMs, endMs }: SpanNode, places: number): number {
    return this.#sum(startMs, endMs, (count) => Math.min(1, places / Math.max(1, count)));
  }

  mean({ startMs, endMs }: SpanNode): number {
    return this.between(startMs, endMs);
  }

  between(from: number, to: number): number {
    return to > from ? this.#sum(from, to, (count) => count) / (to - from) : 0;
  }

  #sum(from: number, to: number, valueOf: (count: number) => number): number {
    let sum = 0;
    let at = lowerBound(this.#times, from + 1e-6) - 1;
    let ms = from;
    while (ms < to) {
      const next = Math.min(to, this.#times[at + 1] ?? to);
      sum += (next - ms) * valueOf(at < 0 ? 0 : (this.#counts[at] ?? 0));
      ms = next;
      at++;
    }
    return sum;
  }
}
