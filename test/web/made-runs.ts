// Runs made up for the page: snapshots of given lanes, and files that hold them.
import { gzipSync } from 'node:zlib';
import { CATEGORIES, type Category } from '../../src/analysis/categories.ts';
import { analyse, type RunReport } from '../../src/analysis/index.ts';
import type { FileData, Snapshot } from '../../src/viewer/wire.ts';

export interface MadeLane {
  /** One task after the other, each with how its time is spent, in whole milliseconds. */
  readonly tasks: readonly { readonly label: string; readonly type?: string; readonly parts: readonly (readonly [Category, number])[] }[];
}

const START_MS = Date.UTC(2026, 10, 2, 3, 4, 5);

/** A run of these lanes that has ended. `change` alters what the page is told of it. */
export function snapshotOf(lanes: readonly MadeLane[], change: Partial<Snapshot> = {}): Snapshot {
  const g = { l: [] as number[], c: [] as number[], s: [] as number[], d: [] as number[], t: [] as number[] };
  const tasks = {
    ...{ id: [] as string[], trace: [] as string[], label: [] as string[], type: [] as string[], lane: [] as number[] },
    ...{ start: [] as number[], end: [] as number[], state: [] as 'done'[] },
  };
  const byCategory = new Map<Category, number>();
  let lastLane = 0;
  let longestMs = 0;
  for (const [lane, { tasks: own }] of lanes.entries()) {
    let ms = 0;
    for (const task of own) {
      const row = tasks.id.length;
      const startMs = ms;
      for (const [category, lengthMs] of task.parts) {
        g.l.push(lane - lastLane);
        g.c.push(CATEGORIES.indexOf(category));
        g.s.push(0);
        g.d.push(lengthMs);
        g.t.push(row);
        lastLane = lane;
        ms += lengthMs;
        byCategory.set(category, (byCategory.get(category) ?? 0) + lengthMs);
      }
      tasks.id.push(row.toString(16).padStart(16, '0'));
      tasks.trace.push('ab'.repeat(16));
      tasks.label.push(task.label);
      tasks.type.push(task.type ?? 'work');
      tasks.lane.push(lane);
      tasks.start.push(startMs);
      tasks.end.push(ms);
      tasks.state.push('done');
    }
    longestMs = Math.max(longestMs, ms);
  }
  return {
    ...{ v: 1, version: '0.1.0', seq: 1, now: START_MS + longestMs, startMs: START_MS },
    run: { id: 'made-run', name: 'made run', command: 'node made.js', state: 'ended', endMs: START_MS + longestMs, exitCode: 0 },
    categories: CATEGORIES,
    lanes: { count: lanes.length, kind: 'task' },
    ...{ tasks, g, open: [] },
    totals: {
      ...{ spans: g.l.length, openSpans: 0, busy: 0, waiting: 0, peak: lanes.length },
      tasks: { running: 0, done: tasks.id.length, failed: 0, cut: 0 },
      ...{ llm: { calls: 0, inFlight: 0 }, refused: { count: 0, lastMinute: 0 } },
      byCategory: [...byCategory].map(([category, ms]) => ({ category, ms })).sort((a, b) => b.ms - a.ms),
      full: [],
    },
    ...{ strips: [], verdict: { word: 'yes', rule: 'none', reason: 'nothing needs you' }, needs: [], losses: {}, notes: [] },
    ...change,
  };
}

/** The report of a run without a span. */
export function emptyReport(): RunReport {
  return analyse({
    run: {
      id: 'made-run',
      name: 'made run',
      command: 'node made.js',
      startMs: START_MS,
      endMs: START_MS + 1_000,
      exitCode: 0,
      signal: undefined,
    },
    ...{ spans: [], series: [], logs: [], losses: {}, senders: [], lives: [] },
  });
}

export function fileDataOf(snapshot: Snapshot, change: Partial<FileData> = {}): FileData {
  return { v: 1, snapshot, report: emptyReport(), text: '', tasks: [], spans: [], spansLeftOut: 0, isAnonymous: false, ...change };
}

/** The built page with the data in it, as `report --html` writes it. */
export function pageWith(html: string, data: FileData): string {
  const element = '<script type="application/json" id="swarmscope-data">';
  if (!html.includes(`${element}</script>`)) throw new Error('the built page has no place for data');
  const text = gzipSync(JSON.stringify(data)).toString('base64');
  return html.replace(`${element}</script>`, () => `${element}${text}</script>`).replace("connect-src 'self'", "connect-src 'none'");
}
