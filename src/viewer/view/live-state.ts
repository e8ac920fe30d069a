/** What a living run is doing: the current work of each lane, totals, what needs a person, the verdict. */
import { CATEGORIES } from '../../analysis/categories.ts';
import { findNeeds, judge, type LaneNow, type LiveFinding, type Need } from '../../analysis/index.ts';
import type { LaneModel, LiveOccupant } from '../../analysis/lane-model.ts';
import type { SpanRow } from '../../analysis/model.ts';
import { classify, textOf, type SpanNode } from '../../analysis/span-tree.ts';
import * as names from '../../semconv/index.ts';
import type { Live } from '../receive/live.ts';
import type { Frame, OpenWork, Snapshot, Totals } from '../wire.ts';
import { categoryNumber, shortened } from './columns.ts';
import { openLeaf } from './snapshot.ts';
import type { StripBoard } from './strips.ts';

const SILENT_MS = 300_000;
const MINUTE_MS = 60_000;
/** Cards that say what a finding says. */
const SAME: Readonly<Partial<Record<LiveFinding['kind'], Need['kind']>>> = { human_wait: 'human', hung_agent: 'silent' };
/** Failed tasks of one card. */
const MAX_FAILED = 20;

type State = Pick<Snapshot, 'open' | 'totals' | 'verdict' | 'needs'>;

export interface LiveStateOptions {
  readonly live: Live;
  readonly startMs: number;
  /** What is wrong now. */
  readonly findings?: (() => readonly LiveFinding[]) | undefined;
}

export class LiveState {
  readonly #model: LaneModel;
  readonly #strips: StripBoard;
  readonly #live: Live;
  readonly #startMs: number;
  readonly #findings: () => readonly LiveFinding[];
  #calls = 0;
  /** What was spent and refused, minute by minute: sums at moments of the last minute. */
  readonly #past: { readonly ms: number; readonly cost: number; readonly refused: number }[] = [];
  readonly #told = new Map<string, string>();

  constructor(model: LaneModel, strips: StripBoard, { live, startMs, findings = () => [] }: LiveStateOptions) {
    this.#model = model;
    this.#strips = strips;
    this.#live = live;
    this.#findings = findings;
    this.#startMs = startMs;
  }

  addEnded(spans: readonly SpanRow[]): void {
    for (const { attributes } of spans) if (classify(attributes) === 'llm') this.#calls += 1;
  }

  at(now: number): State {
    const running = this.#model.running();
    const open = running.map((occupant) => this.#openWork(occupant));
    const lanes = running.map((occupant, index): LaneNow => this.#laneNow(occupant, open[index] as OpenWork));
    const failed = this.#model.occupants
      .filter(({ isFailed, isOpen, place }) => isFailed && !isOpen && place.lane >= 0)
      .slice(-MAX_FAILED)
      .reverse()
      .map(({ row, place, label }) => ({ task: row, lane: place.lane, label, end: Math.round(place.endMs - this.#startMs) }));
    const needs = this.#withFindings(findNeeds({ now: now - this.#startMs, lanes, failed, silentAfterMs: SILENT_MS }));
    const totals = this.#totals(now, lanes);
    const verdict = judge({
      now: now - this.#startMs,
      state: 'live',
      needs,
      tasks: totals.tasks,
      busy: totals.busy,
      waiting: totals.waiting,
      refusedLastMinute: totals.refused.lastMinute,
      refused: totals.refused.count,
      full: this.#strips.full(),
      lost: 0,
    });
    return { open, totals, verdict, needs };
  }

  /** A card each, but where one says the same already: that somebody waits for a person, or is silent. */
  #withFindings(needs: readonly Need[]): Need[] {
    const rest = [...needs];
    const cards = this.#findings().flatMap((finding): Need[] => {
      const occupants = this.#model.occupants.filter(({ key, isOpen, node, place }) => {
        if (!isOpen || place.lane < 0) return false;
        const isEvidence = finding.evidence.some(({ traceId, spanId }) => key === `${traceId}/${spanId}`);
        return isEvidence || textOf(node.row.attributes, names.ATTR_SWARMSCOPE_TASK_ID) === (finding.where.task ?? NaN);
      });
      const tasks = occupants.map(({ row }) => row);
      const same = SAME[finding.kind];
      const isSaid = needs.some(({ kind, tasks: said }) => kind === same && tasks.length > 0 && tasks.every((row) => said.includes(row)));
      if (isSaid) return [];
      const since = Math.round(finding.sinceMs - this.#startMs);
      return [
        {
          id: finding.id,
          kind: 'finding',
          isUrgent: true,
          text: finding.text,
          since,
          lanes: occupants.map(({ place }) => place.lane),
          tasks,
        },
      ];
    });
    rest.splice(rest.findLastIndex(({ isUrgent }) => isUrgent) + 1, 0, ...cards);
    return rest;
  }

  /** What of it is not as it was told last. */
  changes(now: number): Pick<Frame, 'open' | 'totals' | 'verdict' | 'needs' | 'strips'> {
    const state = this.at(now);
    const changed = Object.entries(state).filter(([name, value]) => {
      const text = JSON.stringify(value);
      const isNews = this.#told.get(name) !== text;
      this.#told.set(name, text);
      return isNews;
    });
    const strips = this.#strips.changes();
    return { ...Object.fromEntries(changed), ...(strips.length === 0 ? {} : { strips }) };
  }

  #openWork({ place, row, node, signMs }: LiveOccupant): OpenWork {
    const last = place.segments.at(-1);
    const leaf = openLeaf(node);
    return {
      lane: place.lane,
      task: row,
      category: categoryNumber[last?.category ?? 'other'],
      ...(leaf === undefined ? {} : { name: shortened(leaf.row.name), span: leaf.row.spanId, trace: leaf.row.traceId }),
      since: Math.round((last?.startMs ?? place.startMs) - this.#startMs),
      sign: Math.round(signMs - this.#startMs),
    };
  }

  #laneNow({ label, node }: LiveOccupant, { lane, task, category, name, since, sign }: OpenWork): LaneNow {
    const repository = repositoryOf(openLeaf(node) ?? node);
    return { lane, task, label, category: CATEGORIES[category] ?? 'other', name, since, sign, repository };
  }

  #totals(now: number, lanes: readonly LaneNow[]): Totals {
    const { doneTasks, failedTasks, inputTokens, outputTokens, cost, rateLimited, llmCallsInFlight } = this.#live.snapshot(now);
    const { tree, laneCount } = this.#model;
    this.#past.push({ ms: now, cost: cost ?? 0, refused: rateLimited });
    while (this.#past.length > 1 && (this.#past[0]?.ms ?? now) < now - MINUTE_MS) this.#past.shift();
    const first = this.#past[0];
    const minutes = Math.max(1 / 60, (now - Math.max(this.#startMs, now - MINUTE_MS)) / MINUTE_MS);
    const nowBy = new Map<LaneNow['category'], number>();
    for (const { category } of lanes) nowBy.set(category, (nowBy.get(category) ?? 0) + 1);
    const isAnyCall = this.#calls > 0 || inputTokens > 0;
    return {
      spans: tree.size,
      openSpans: tree.open,
      busy: lanes.length,
      waiting: lanes.filter(({ category }) => category.startsWith('wait:')).length,
      peak: laneCount,
      tasks: { running: lanes.length, done: doneTasks, failed: failedTasks, cut: 0 },
      llm: { calls: this.#calls, inFlight: llmCallsInFlight },
      refused: { count: rateLimited, lastMinute: rateLimited - (first?.refused ?? 0) },
      ...(isAnyCall ? { tokens: { input: inputTokens, output: outputTokens } } : {}),
      ...(cost === undefined ? {} : { cost: { amount: cost, perMinute: (cost - (first?.cost ?? 0)) / minutes } }),
      nowBy: [...nowBy].map(([category, count]) => ({ category, lanes: count })).sort((a, b) => b.lanes - a.lanes),
      full: this.#strips.full().map(({ id, label, used, limit, share }) => ({ id, label, used, limit, share })),
    };
  }
}

function repositoryOf(node: SpanNode): string | undefined {
  for (let at: SpanNode | undefined = node; at !== undefined; at = at.parent) {
    const name = textOf(at.row.attributes, names.ATTR_VCS_REPOSITORY_NAME);
    if (name !== undefined) return name;
  }
  return undefined;
}
