/** Spans, tasks and tiles of an analysed run, in bounded pages. */
import { CATEGORIES, isCategory } from '../../analysis/categories.ts';
import type { RunFacts } from '../../analysis/index.ts';
import type { LanePicture, LaneSegment } from '../../analysis/lane-picture.ts';
import type { SpanRow } from '../../analysis/model.ts';
import { descendantsOf, numberOf, textOf, tokensOf, type SpanNode } from '../../analysis/span-tree.ts';
import { byCategory } from '../../analysis/tasks.ts';
import * as names from '../../semconv/index.ts';
import { CONTENT_CLASS } from '../../semconv/generated/content-mask.ts';
import type { SpanAttribute, SpanDetail, SpanItem, SpansPage, TaskDetail, TasksPage, Tiles } from '../wire.ts';
import { categoryNumber, shortened } from './columns.ts';

/** Rows of one answer. */
export const PAGE = 500;
/** Characters of one attribute, and of all of one span. */
const MAX_VALUE = 64 * 1024;
const MAX_LIST = 1_000;
export const MAX_ANCESTORS = 100;
const MAX_PX = 4_000;
const MAX_TILE_LANES = 1_000;

export function spanItem(node: Pick<SpanNode, 'row' | 'class' | 'isOpen'>, startMs: number): SpanItem {
  const { row, class: kind, isOpen } = node;
  const { attributes } = row;
  const firstChunk = numberOf(attributes, names.ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK);
  return {
    trace: row.traceId,
    id: row.spanId,
    parent: row.parentSpanId,
    parentTrace: row.parentTraceId,
    name: shortened(row.name),
    class: kind,
    start: row.startMs - startMs,
    end: isOpen || row.endMs === undefined ? null : row.endMs - startMs,
    isError: row.isError,
    ...(kind === 'llm'
      ? {
          model: textOf(attributes, names.ATTR_GEN_AI_RESPONSE_MODEL) ?? textOf(attributes, names.ATTR_GEN_AI_REQUEST_MODEL),
          inputTokens: tokensOf(attributes, names.ATTR_GEN_AI_USAGE_INPUT_TOKENS),
          outputTokens: tokensOf(attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS),
          cost: numberOf(attributes, names.ATTR_SWARMSCOPE_COST_AMOUNT),
          ending: textOf(attributes, names.ATTR_SWARMSCOPE_INFERENCE_ENDING),
          firstChunkMs: firstChunk === undefined ? undefined : firstChunk * 1_000,
        }
      : {}),
  };
}

/** Finds the spans of one run by their ids. */
export class SpanIndex {
  readonly #facts: RunFacts;
  readonly #byId = new Map<string, SpanNode>();

  constructor(facts: RunFacts) {
    this.#facts = facts;
    for (const node of facts.tree.topDown) this.#byId.set(`${node.row.traceId}/${node.row.spanId}`, node);
  }

  get(trace: string, id: string): SpanNode | undefined {
    return this.#byId.get(`${trace}/${id}`);
  }

  page(nodes: readonly SpanNode[], cursor: string | null): SpansPage {
    const sorted = nodes.toSorted(inOrder);
    const after = cursorIn(cursor);
    return this.#pageFrom(sorted, after === undefined ? 0 : firstBeyond(sorted, after.startMs, after.spanId));
  }

  /** All of them, each with the cursor that asks for it; the first with none. */
  *pages(nodes: readonly SpanNode[]): Generator<{ readonly cursor: string; readonly page: SpansPage }> {
    const sorted = nodes.toSorted(inOrder);
    let cursor: string | undefined = '';
    for (let from = 0; cursor !== undefined; from += PAGE) {
      const page = this.#pageFrom(sorted, from);
      yield { cursor, page };
      cursor = page.next;
    }
  }

  #pageFrom(sorted: readonly SpanNode[], from: number): SpansPage {
    const spans = sorted.slice(from, from + PAGE);
    const last = spans.at(-1);
    return {
      v: 1,
      spans: spans.map((node) => spanItem(node, this.#facts.tree.startMs)),
      next: from + PAGE < sorted.length && last !== undefined ? `${last.row.startMs},${last.row.spanId}` : undefined,
      total: sorted.length,
    };
  }

  ofTask(node: SpanNode): SpanNode[] {
    return [node, ...descendantsOf(node)];
  }

  detail(node: SpanNode): SpanDetail {
    const ancestors: SpanRow[] = [];
    for (let at = node.parent; at !== undefined && ancestors.length < MAX_ANCESTORS; at = at.parent) ancestors.unshift(at.row);
    return spanDetail(node, { startMs: this.#facts.tree.startMs, ancestors, children: node.children.length });
  }
}

/** Where a page ended. */
export function cursorIn(cursor: string | null): { readonly startMs: number; readonly spanId: string } | undefined {
  const [startMs, spanId] = /^(-?[\d.e+-]+),([0-9a-f-]+)$/.exec(cursor ?? '')?.slice(1) ?? [];
  return startMs === undefined || spanId === undefined ? undefined : { startMs: Number(startMs), spanId };
}

export function spanDetail(
  node: Pick<SpanNode, 'row' | 'class' | 'isOpen'>,
  of: { readonly startMs: number; readonly ancestors: readonly SpanRow[]; readonly children: number },
): SpanDetail {
  const { row } = node;
  return {
    v: 1,
    ...spanItem(node, of.startMs),
    kind: row.kind,
    scope: shortened(row.scopeName),
    service: shortened(row.serviceName),
    pid: row.pid,
    links: row.links.slice(0, PAGE).map(({ traceId, spanId }) => ({ trace: traceId, id: spanId })),
    ancestors: of.ancestors.map(({ traceId, spanId, name }) => ({ trace: traceId, id: spanId, name: shortened(name) })),
    children: of.children,
    attributes: Object.entries(row.attributes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => attributeOf(name, value)),
  };
}

const inOrder = (a: SpanNode, b: SpanNode): number => a.row.startMs - b.row.startMs || (a.row.spanId < b.row.spanId ? -1 : 1);

function firstBeyond(sorted: readonly SpanNode[], startMs: number, id: string): number {
  const found = sorted.findIndex(({ row }) => row.startMs > startMs || (row.startMs === startMs && row.spanId > id));
  return found < 0 ? sorted.length : found;
}

function attributeOf(name: string, value: SpanAttribute['value']): SpanAttribute {
  const content = Object.hasOwn(CONTENT_CLASS, name) ? CONTENT_CLASS[name] : undefined;
  const shown = typeof value === 'string' ? value.slice(0, MAX_VALUE) : Array.isArray(value) ? value.slice(0, MAX_LIST) : value;
  const isCut = typeof value === 'string' && value.length > MAX_VALUE;
  return { name: shortened(name), value: shown as SpanAttribute['value'], content, cutOf: isCut ? value.length : undefined };
}

/** By what the table of tasks can be sorted, the largest first but for `start` and `label`. */
const ORDERS: Readonly<Record<string, (a: TaskDetail, b: TaskDetail) => number>> = {
  start: (a, b) => a.start - b.start,
  duration: (a, b) => b.durationMs - a.durationMs,
  cost: (a, b) => (b.cost ?? -1) - (a.cost ?? -1),
  tokens: (a, b) => tokens(b) - tokens(a),
  refused: (a, b) => b.refused - a.refused,
  label: (a, b) => a.label.localeCompare(b.label),
};

const tokens = ({ inputTokens = 0, outputTokens = 0 }: TaskDetail): number => inputTokens + outputTokens;

/** Words that all must be in a task's label, type or state. */
export function tasksPage(all: readonly TaskDetail[], asked: URLSearchParams): TasksPage {
  const words = (asked.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter(({ label, type, state }) => {
    const text = `${label} ${type} ${state}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const order = ORDERS[asked.get('sort') ?? 'start'] ?? ORDERS['start'];
  const sorted = found.toSorted((a, b) => order?.(a, b) || a.row - b.row);
  const from = Math.max(0, Math.trunc(Number(asked.get('cursor') ?? 0)) || 0);
  return {
    v: 1,
    tasks: sorted.slice(from, from + PAGE),
    next: from + PAGE < sorted.length ? String(from + PAGE) : undefined,
    total: sorted.length,
  };
}

export function taskDetails(facts: RunFacts, picture: LanePicture, isLive: boolean): TaskDetail[] {
  const { startMs } = facts.tree;
  return picture.occupants.map((occupant, row) => {
    const { node } = occupant;
    const all = [node, ...descendantsOf(node)];
    const calls = all.filter((each) => facts.llm.calls.has(each));
    const sum = (name: string): number | undefined => sumOf(calls.map((each) => numberOf(each.row.attributes, name)));
    return {
      row,
      id: node.row.spanId,
      trace: node.row.traceId,
      label: shortened(occupant.label),
      type: shortened(occupant.type),
      lane: occupant.lane,
      start: occupant.startMs - startMs,
      end: occupant.isOpen ? null : occupant.endMs - startMs,
      state: occupant.isOpen ? (isLive ? 'running' : 'cut') : occupant.isFailed ? 'failed' : 'done',
      errorType: textOf(node.row.attributes, names.ATTR_ERROR_TYPE),
      durationMs: occupant.endMs - occupant.startMs,
      byCategory: byCategory(occupant.segments),
      llmCalls: calls.length,
      inputTokens: sum(names.ATTR_GEN_AI_USAGE_INPUT_TOKENS),
      outputTokens: sum(names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS),
      cost: sum(names.ATTR_SWARMSCOPE_COST_AMOUNT),
      refused: all.filter((each) => facts.refusals.has(each)).length,
      spans: all.length,
    };
  });
}

function sumOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}

export interface Tiled {
  readonly count: number;
  /** At least those that reach into the stretch, in order of time. */
  readonly segmentsOf: (lane: number, fromMs: number, toMs: number) => Iterable<Pick<LaneSegment, 'startMs' | 'endMs' | 'category'>>;
}

export const tiledOf = ({ count, lanes }: Pick<LanePicture, 'lanes' | 'count'>): Tiled => ({
  count,
  segmentsOf: (lane) => lanes[lane] ?? [],
});

/** The category that took most of each pixel. Undefined where the question makes no sense. */
export function tilesOf({ count, segmentsOf }: Tiled, startMs: number, asked: URLSearchParams): Tiles | undefined {
  const [from, to, px] = ['from', 'to', 'px'].map((name) => Number(asked.get(name))) as [number, number, number];
  const [first, last] = (asked.get('lanes') ?? '0-').split('-').map((text) => (text === '' ? undefined : Number(text)));
  const firstLane = first ?? 0;
  const lastLane = Math.min(last ?? Infinity, count - 1, firstLane + MAX_TILE_LANES - 1);
  if (!(from < to) || !Number.isInteger(px) || px < 1 || px > MAX_PX || !Number.isInteger(firstLane) || firstLane < 0) return undefined;
  const rows: string[] = [];
  const [fromMs, toMs] = [startMs + from, startMs + to];
  for (let lane = firstLane; lane <= lastLane; lane++) rows.push(tileRow(segmentsOf(lane, fromMs, toMs), fromMs, toMs, px));
  return { v: 1, from, to, px, firstLane, rows };
}

function tileRow(
  segments: Iterable<Pick<LaneSegment, 'startMs' | 'endMs' | 'category'>>,
  fromMs: number,
  toMs: number,
  px: number,
): string {
  const width = (toMs - fromMs) / px;
  const best = new Float64Array(px);
  const of = new Array<string>(px).fill('.');
  // A pixel in which one category has many short parts counts them together.
  let sums = new Map<number, Float64Array>();
  let pixelOfSums = -1;
  for (const { startMs, endMs, category } of segments) {
    if (endMs <= fromMs || startMs >= toMs || !isCategory(category)) continue;
    const number = categoryNumber[category];
    const firstPx = Math.max(0, Math.floor((startMs - fromMs) / width));
    const lastPx = Math.min(px - 1, Math.ceil((endMs - fromMs) / width) - 1);
    for (let at = firstPx; at <= lastPx; at++) {
      if (at !== pixelOfSums) [sums, pixelOfSums] = [new Map<number, Float64Array>(), at];
      const ms = Math.min(endMs, fromMs + (at + 1) * width) - Math.max(startMs, fromMs + at * width);
      const sum = sums.get(number) ?? new Float64Array(1);
      sums.set(number, sum);
      sum[0] = (sum[0] ?? 0) + ms;
      if ((sum[0] ?? 0) > (best[at] ?? 0)) [best[at], of[at]] = [sum[0] ?? 0, letterOf(number)];
    }
  }
  return of.join('');
}

const letterOf = (number: number): string => String.fromCharCode(65 + Math.min(number, CATEGORIES.length - 1));
