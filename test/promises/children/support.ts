// What these suites share: the programs, where they are sent, and questions to a trace.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { NODE_VERSIONS, nodeBinary } from '../../../tools/node-versions.ts';

export { api, observe, patient, type Seen } from '../../e2e/programs.ts';

export const FETCH_MINUTES = 10 * 60_000;
export { NODE_VERSIONS, nodeBinary };

/** The text of one of the programs beside the tests. */
export function programText(name: string): string {
  return readFileSync(join(import.meta.dirname, 'programs', name), 'utf8');
}

/** Warnings carry the process's id. */
export function withoutIds(output: string): string {
  return output.replaceAll(/\(node:\d+\)/g, '(node:PID)');
}

export function named(spans: readonly SpanRow[], name: string): SpanRow[] {
  return spans.filter((span) => span.name === name);
}

/** The one span of that name; throws with what there is. */
export function theOne(spans: readonly SpanRow[], name: string): SpanRow {
  const [found, ...more] = named(spans, name);
  if (found === undefined || more.length > 0)
    throw new Error(`${more.length + (found === undefined ? 0 : 1)} spans "${name}" among: ${spans.map((span) => span.name).join(', ')}`);
  return found;
}

/** Names from a span up to its root, itself first. */
export function ancestry(spans: readonly SpanRow[], span: SpanRow): string[] {
  const names: string[] = [];
  for (let at: SpanRow | undefined = span; at !== undefined && names.length < 50;) {
    names.push(at.name);
    const { traceId, parentSpanId }: SpanRow = at;
    at = spans.find((other) => other.traceId === traceId && other.spanId === parentSpanId);
  }
  return names;
}
