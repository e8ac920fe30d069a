/** Tools and builds take longer the more of them run: the machine has too few cores for them. */
import { METRIC_SYSTEM_CPU_UTILIZATION, ATTR_CPU_MODE, ATTR_GEN_AI_TOOL_NAME } from '../../semconv/index.ts';
import { groupBy } from '../group-by.ts';
import type { Schedule } from '../schedule/index.ts';
import { lowerBound } from '../schedule/intervals.ts';
import { percentile } from '../statistics.ts';
import { textOf, type SpanNode } from '../span-tree.ts';
import { byLoss } from './by-loss.ts';
import { spoken, spokenTimes, type FindingRule } from './finding.ts';
import { lossOf } from './losses.ts';
import type { Lost } from './losses/lost.ts';

const FULL = 0.9;
/** Slowed so much against the quick ones of the same name. */
const TIMES = 1.5;
const MIN_TOOLS = 8;
const QUICK = 0.15;

export const cpuContention: FindingRule = {
  kind: 'cpu_contention',
  find: (examined) => {
    const full = busyTimes(examined.schedule);
    // Without a reading of the processors a slow tool has a hundred other reasons.
    if (full === undefined || full.length === 0) return undefined;
    return byLoss(examined, lossOf(examined.schedule, slowedTools(examined.schedule, full)), {
      confidence: 0.75,
      assumptions: ['the quick runs of each tool show what it takes alone'],
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

function slowedTools({ facts, units }: Schedule, readings: readonly Reading[]): Lost[] {
  const times = readings.map(({ timeMs }) => timeMs);
  const busyIn = ({ startMs, endMs }: SpanNode): number => {
    const from = Math.max(0, lowerBound(times, startMs) - 1);
    const own = readings.slice(from, Math.max(from + 1, lowerBound(times, endMs) + 1));
    return own.reduce((sum, { busy }) => sum + busy, 0) / Math.max(1, own.length);
  };
  const tools = [...facts.tools, ...facts.children].filter(
    (node) =>
      !node.isOpen && !node.hasDeeperWork && !facts.sharedGaps.has(node) && !facts.servers.has(node) && node.parent?.class !== 'tool',
  );
  return [...groupBy(tools, toolName).values()].flatMap((own) => {
    if (own.length < MIN_TOOLS) return [];
    const known = own.map((node) => ({ node, ms: node.endMs - node.startMs, busy: busyIn(node) }));
    const quickMs = percentile(
      known.map(({ ms }) => ms).sort((a, b) => a - b),
      QUICK,
    );
    const freeOnes = known.filter(({ busy }) => busy < FULL * 0.8).map(({ ms }) => ms);
    const aloneMs =
      freeOnes.length >= 3
        ? percentile(
            freeOnes.sort((a, b) => a - b),
            0.5,
          )
        : quickMs;
    const full = known.filter(({ busy }) => busy >= FULL);
    if (full.length < 3) return [];
    const fullMs = percentile(
      full.map(({ ms }) => ms).sort((a, b) => a - b),
      0.5,
    );
    // As long while the processors were free: long by nature.
    if (fullMs < TIMES * aloneMs) return [];
    return full.flatMap(({ node, ms }): Lost[] => {
      if (ms <= aloneMs) return [];
      return [{ node, unit: units.unitOf.get(node), startMs: node.startMs + aloneMs, endMs: node.endMs, isWork: true }];
    });
  });
}
