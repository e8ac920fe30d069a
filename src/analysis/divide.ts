/** Divides the time of one task of a living run anew: from the earliest moment that something told of, where that is enough. */
import { ATTR_ERROR_TYPE, ATTR_HTTP_RESPONSE_STATUS_CODE } from '../semconv/index.ts';
import { nameLoneAgents } from './agents.ts';
import { segmentsOf } from './attribution.ts';
import { findBackoffs, refusalReason } from './backoff.ts';
import type { Segment } from './categories.ts';
import { subtree, type LiveNode } from './live-tree.ts';
import { findServers } from './servers.ts';
import { markDeeperWork, type SpanClass, type SpanNode } from './span-tree.ts';

export interface Dividing {
  readonly runStartMs: number;
  readonly nowMs: number;
  /** The earliest moment that may be another one than before. */
  readonly fromMs: number;
  readonly before: readonly Segment[];
}

export interface Division {
  readonly segments: readonly Segment[];
  /** Segments that begin before it are as they were; -Infinity where all are new. */
  readonly sinceMs: number;
  /** The last start or end of anything in it. */
  readonly signMs: number;
}

/** What a span of these classes tells changes no moment before it. */
const PLAIN: ReadonlySet<SpanClass> = new Set(['task', 'llm', 'tool', 'git', 'wait', 'batch', 'phase', 'other']);
const NONE: ReadonlySet<SpanNode> = new Set();

export function divide(root: LiveNode, { runStartMs, nowMs, before, ...given }: Dividing): Division {
  const topDown = subtree(root, nowMs, runStartMs);
  // A part may outlive its task, and what began at the last look had no time yet.
  const fromMs = Math.min(given.fromMs, root.endMs, before.at(-1)?.endMs ?? -Infinity);
  let signMs = root.startMs;
  let isPlain = before.length > 0 && fromMs > root.startMs;
  for (const node of topDown) {
    signMs = Math.max(signMs, node.isOpen ? node.startMs : node.endMs);
    isPlain &&= (node.isPlain ??= isPlainRow(node)) || (isPlainKind(node) && refusalReason(node) === undefined);
  }
  if (!isPlain) return { segments: whole(root, topDown, runStartMs, nowMs), sinceMs: -Infinity, signMs };
  const kept = before.slice(0, lastAt(before, fromMs) + 1);
  const sinceMs = kept.at(-1)?.startMs ?? -Infinity;
  return { segments: joined(kept, segmentsOf(root, within(topDown, fromMs), [], NONE, fromMs), fromMs), sinceMs, signMs };
}

const isPlainKind = ({ class: kind, row }: SpanNode): boolean => PLAIN.has(kind) && !row.name.startsWith('claude_code');

/** Nothing in it could be a refusal. */
function isPlainRow(node: SpanNode): boolean {
  const { attributes } = node.row;
  return isPlainKind(node) && attributes[ATTR_ERROR_TYPE] === undefined && attributes[ATTR_HTTP_RESPONSE_STATUS_CODE] === undefined;
}

/** Number of the last segment that begins before a moment; the last ones are looked at first. */
function lastAt(segments: readonly Segment[], ms: number): number {
  let at = segments.length - 1;
  while (at >= 0 && (segments[at] as Segment).startMs >= ms) at--;
  return at;
}

function whole(root: LiveNode, topDown: readonly LiveNode[], startMs: number, endMs: number): Segment[] {
  markDeeperWork(topDown);
  const tree = { startMs, endMs, topDown };
  if (topDown.some(({ row }) => row.name.startsWith('claude_code'))) nameLoneAgents(tree);
  const backoffs = topDown.some((node) => refusalReason(node) !== undefined) ? findBackoffs(tree) : [];
  const servers = topDown.some(({ class: kind }) => kind === 'process') ? findServers(tree) : NONE;
  return segmentsOf(root, topDown, backoffs, servers);
}

/** Those that go on after a moment, and what is around them. */
function within(topDown: readonly LiveNode[], fromMs: number): SpanNode[] {
  const wanted = new Set<SpanNode>();
  const root = topDown[0] as LiveNode;
  for (const node of topDown) {
    if (node.endMs <= fromMs && node !== root) continue;
    for (let at: SpanNode | undefined = node; at !== undefined && !wanted.has(at); at = at === root ? undefined : at.parent) wanted.add(at);
  }
  return topDown.filter((node) => wanted.has(node));
}

/** `segments` begin before `fromMs`, and become the whole. */
function joined(segments: Segment[], after: readonly Segment[], fromMs: number): Segment[] {
  const last = segments.at(-1);
  const [first, ...rest] = after;
  if (last === undefined) return [...after];
  if (first?.category === last.category) segments[segments.length - 1] = { ...last, endMs: first.endMs };
  else {
    segments[segments.length - 1] = { ...last, endMs: Math.min(fromMs, first?.startMs ?? fromMs) };
    if (first !== undefined) segments.push(first);
  }
  for (const segment of rest) segments.push(segment);
  return segments;
}
