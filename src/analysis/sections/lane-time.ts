/** Lane time by category: how the time of all lanes together was spent, and whether all of it is accounted for. */
import { ACTIVITY_RULES, CATEGORIES, CATEGORY_RULE } from '../categories.ts';
import type { RunFacts } from '../facts.ts';
import { IDLE_RULES } from '../idle.ts';
import type { CategoryTime } from '../tasks.ts';

interface Rule {
  readonly category: string;
  readonly about: string;
}

export interface LaneTime {
  /** The largest first. */
  readonly byCategory: readonly CategoryTime[];
  readonly totalMs: number;
  /** Lanes x wall. */
  readonly expectedMs: number;
  /** `totalMs / expectedMs`: 1 when nothing is lost or counted twice; undefined without lanes. */
  readonly check: number | undefined;
  readonly rule: string;
  readonly activityRules: readonly Rule[];
  readonly idleRules: readonly Rule[];
}

export function laneTime({ attribution: { laneMs }, lanes, wallMs }: RunFacts): LaneTime {
  const byCategory = CATEGORIES.flatMap((category) => {
    const ms = laneMs.get(category);
    return ms === undefined ? [] : [{ category, ms }];
  }).sort((a, b) => b.ms - a.ms);
  const totalMs = byCategory.reduce((sum, { ms }) => sum + ms, 0);
  const expectedMs = lanes.count * wallMs;
  return {
    byCategory,
    totalMs,
    expectedMs,
    check: expectedMs > 0 ? totalMs / expectedMs : undefined,
    rule: CATEGORY_RULE,
    activityRules: ACTIVITY_RULES,
    idleRules: IDLE_RULES,
  };
}
