/** Tools that the preload inferred from two calls and that another sender, such as the program's own SDK, told as well. */
import * as names from '../semconv/index.ts';
import { isInferredTool } from './categories.ts';
import { textOf, type SpanNode } from './span-tree.ts';
import { groupBy } from './group-by.ts';

/** Clocks of two instruments of one machine, and what each of them does before and after. */
const SLACK_MS = 50;
/** An event loop that is late tells one of them early and the other late; in one process, each told one still stands for one inferred. */
const LATE_MS = 750;

/** The inferred ones: how long the tool took stands on the other span. */
export function findToldTwice(tools: readonly SpanNode[]): ReadonlySet<SpanNode> {
  const twice = new Set<SpanNode>();
  const byStart = [...tools].sort((a, b) => a.startMs - b.startMs);
  const told = groupBy(byStart, (tool) => (isInferredTool(tool) ? undefined : nameOf(tool)));
  for (const tool of byStart) {
    if (!isInferredTool(tool)) continue;
    const candidates = told.get(nameOf(tool)) ?? [];
    const at = candidates.findIndex((other) => isSame(tool, other));
    if (at === -1) continue;
    candidates.splice(at, 1);
    twice.add(tool);
  }
  return twice;
}

function nameOf({ row }: SpanNode): string {
  return textOf(row.attributes, names.ATTR_GEN_AI_TOOL_NAME) ?? row.name;
}

/** It ran between the answer that asked for it and the request with its result, which a busy process reads late. */
function isSame(inferred: SpanNode, told: SpanNode): boolean {
  const [one, other] = [inferred, told].map(({ row }) => textOf(row.attributes, names.ATTR_GEN_AI_TOOL_CALL_ID));
  if (one !== undefined && other !== undefined && one !== other) return false;
  const [ours, theirs] = [inferred.row.pid, told.row.pid];
  if (ours !== undefined && theirs !== undefined) {
    return ours === theirs && told.startMs <= inferred.endMs + LATE_MS && inferred.startMs <= told.endMs + LATE_MS;
  }
  // Some models number the calls of each answer anew: one call is also at one time.
  if (one !== undefined && one === other && told.startMs <= inferred.endMs && inferred.startMs <= told.endMs) return true;
  return told.startMs >= inferred.startMs - SLACK_MS && told.endMs <= inferred.endMs + SLACK_MS;
}
