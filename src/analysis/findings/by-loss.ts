/** Findings of causes that take time inside units and between them: the schedule is replayed without that time. */
import type { Schedule, Unit } from '../schedule/index.ts';
import { unitName } from '../schedule/unit-names.ts';
import type { SpanNode } from '../span-tree.ts';
import type { Candidate, Examined } from './finding.ts';
import type { Loss } from './losses.ts';
import type { Lost } from './losses/lost.ts';

export interface LossWords {
  readonly confidence: number;
  readonly assumptions: readonly string[];
  readonly action: (lost: readonly Lost[], savedMs: number) => string;
  readonly where?: (lost: readonly Lost[]) => Readonly<Record<string, readonly (string | undefined)[]>>;
}

/** Undefined where nothing was lost. */
export function byLoss({ schedule }: Examined, loss: Loss, words: LossWords): Candidate | undefined {
  if (loss.lost.length === 0) return undefined;
  const savedMs = schedule.savedBy({ shorterBy: loss.lostMs, outside: loss.outside });
  if (savedMs <= 0) return undefined;
  return {
    savedMs,
    confidence: words.confidence,
    evidence: mostTelling(schedule.units.unitOf, loss),
    assumptions: words.assumptions,
    action: words.action(loss.lost, savedMs),
    where: { tasks: unitNames(schedule, loss), ...words.where?.(loss.lost) },
  };
}

/** The spans that stand for most of the lost time, each once. */
export function mostTelling(unitOf: ReadonlyMap<SpanNode, Unit>, { lost }: Loss): SpanNode[] {
  const ms = new Map<SpanNode, number>();
  for (const { node, startMs, endMs } of lost) ms.set(node, Math.max(ms.get(node) ?? 0, endMs - startMs));
  return [...ms].sort((a, b) => b[1] - a[1] || (unitOf.get(a[0])?.index ?? 0) - (unitOf.get(b[0])?.index ?? 0)).map(([node]) => node);
}

/** The units that lost most. */
export function unitNames(schedule: Schedule, { byUnit, lostMs }: Loss): string[] {
  return [...byUnit.keys()].sort((a, b) => lostMs(b) - lostMs(a)).map((unit) => unitName(schedule, unit));
}
