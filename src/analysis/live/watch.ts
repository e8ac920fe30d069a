/** Follows a run that goes on: is fed with what arrives, and says at each look what is wrong now and what no longer is. */
import type { LogRow, SpanRow } from '../model.ts';
import { classify } from '../span-tree.ts';
import type { Detector, LivePoint, LiveRule } from './detector.ts';
import { budgetBurn } from './kinds/budget-burn.ts';
import { humanWait } from './kinds/human-wait.ts';
import { hungAgent } from './kinds/hung-agent.ts';
import { mergeConflict } from './kinds/merge-conflict.ts';
import { orphan } from './kinds/orphan.ts';
import { overload, rateLimit } from './kinds/refusals.ts';
import { toolLoop } from './kinds/tool-loop.ts';
import { OpenWork } from './open-work.ts';
import { readThresholds, type Threshold, type Thresholds } from './thresholds.ts';
import type { LiveChange, LiveFinding, LiveKind, Surroundings } from './types.ts';

/** One line a kind. */
const RULES: readonly LiveRule[] = [hungAgent, humanWait, rateLimit, overload, toolLoop, budgetBurn, mergeConflict, orphan];

/** Findings of one kind that are told at the same time: five hundred agents that hang are one message, and not five hundred. */
const MAX_PER_KIND = 20;

export interface LiveFindings {
  add(told: { readonly starts?: readonly SpanRow[]; readonly spans?: readonly SpanRow[]; readonly logs?: readonly LogRow[] }): void;
  addPoints(points: readonly LivePoint[]): void;
  /** What was raised and what was withdrawn since the look before. `nowMs`: epoch milliseconds of the run's clock. */
  look(nowMs: number, around?: Surroundings): LiveChange[];
  /** The run has ended: all that is raised is withdrawn. */
  end(nowMs: number): LiveChange[];
  /** What holds now, as of the last look: `high` first, then the oldest. */
  now(): readonly LiveFinding[];
  /** Findings beyond {@link MAX_PER_KIND}, which are not told. */
  beyond(): number;
}

const NOTHING: Surroundings = { silent: [], left: [], isGone: () => false };

export function watchFindings(thresholds: Thresholds = readThresholds({}).thresholds): LiveFindings {
  const watched = RULES.flatMap(({ kind, watch }) => {
    const threshold = thresholds[kind];
    return threshold === undefined ? [] : [{ kind, threshold, detector: watch(threshold) }];
  });
  const having = <Name extends 'ended' | 'log' | 'point'>(name: Name): NonNullable<Detector[Name]>[] =>
    watched.flatMap(({ detector }) => detector[name] ?? []);
  const [ended, log, point] = [having('ended'), having('log'), having('point')];
  const open = new OpenWork();
  const raised = new Map<string, LiveFinding>();
  let beyond = 0;

  function claimsOf(
    { kind, threshold, detector }: { kind: LiveKind; threshold: Threshold; detector: Detector },
    nowMs: number,
    around: Surroundings,
  ) {
    const claims = detector.claims({ nowMs, open, around }).map((claim): LiveFinding => ({ ...claim, kind, severity: threshold.severity }));
    if (claims.length <= MAX_PER_KIND) return claims;
    // Those that are told stay; the others come as room is made.
    claims.sort((a, b) => Number(raised.has(b.id)) - Number(raised.has(a.id)) || a.sinceMs - b.sinceMs);
    beyond += claims.length - MAX_PER_KIND;
    return claims.slice(0, MAX_PER_KIND);
  }

  return {
    add({ starts = [], spans = [], logs = [] }) {
      for (const row of starts) open.started(row);
      for (const row of spans) {
        const { isNews, work, parent } = open.ended(row);
        if (!isNews) continue;
        const span = { row, class: work?.class ?? classify(row.attributes), work, parent };
        for (const tell of ended) tell(span);
      }
      for (const row of logs) for (const tell of log) tell(row);
    },
    addPoints(points) {
      for (const each of points) for (const tell of point) tell(each);
    },
    look(nowMs, around = NOTHING) {
      beyond = 0;
      const found = new Map(watched.flatMap((each) => claimsOf(each, nowMs, around)).map((finding) => [finding.id, finding]));
      const changes: LiveChange[] = [];
      for (const [id, finding] of raised) {
        if (found.has(id)) continue;
        raised.delete(id);
        changes.push({ state: 'withdrawn', atMs: nowMs, finding, because: 'over' });
      }
      for (const [id, finding] of found) {
        if (!raised.has(id)) changes.push({ state: 'raised', atMs: nowMs, finding });
        raised.set(id, finding);
      }
      return changes;
    },
    end(nowMs) {
      const changes = [...raised.values()].map((finding): LiveChange => ({
        state: 'withdrawn',
        atMs: nowMs,
        finding,
        because: 'run_ended',
      }));
      raised.clear();
      return changes;
    },
    now: () => [...raised.values()].sort((a, b) => Number(b.severity === 'high') - Number(a.severity === 'high') || a.sinceMs - b.sinceMs),
    beyond: () => beyond,
  };
}
