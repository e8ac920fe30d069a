// Asserts a trace as a nested tree, and prints the tree that did arrive when it differs.
import type { SpanRow } from '../../src/analysis/model.ts';

export type ExpectedValue =
  string | number | boolean | readonly (string | number | boolean)[] | RegExp | ((value: unknown) => boolean) | undefined;

export interface ExpectedSpan {
  readonly name: string | RegExp;
  /** OTLP SpanKind number (1 INTERNAL, 3 CLIENT). */
  readonly kind?: number;
  readonly isError?: boolean;
  /** Only the named ones are compared; `undefined` means it must be absent. */
  readonly attributes?: Readonly<Record<string, ExpectedValue>>;
  /** In any order. Without this member the children are not looked at. */
  readonly children?: readonly ExpectedSpan[];
  /** Children that are not named in `children` are no fault. */
  readonly allowsOthers?: boolean;
}

/**
 * Each expected tree must match one root (a span whose parent did not arrive) that no other tree matched. Throws with
 * both trees.
 */
export function expectTrace(spans: readonly SpanRow[], ...expected: readonly ExpectedSpan[]): void {
  const childrenOf = new Map<string, SpanRow[]>();
  const ids = new Set(spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`));
  const keyOfParent = (span: SpanRow): string => {
    const key = `${span.traceId}/${span.parentSpanId ?? ''}`;
    return ids.has(key) ? key : '';
  };
  for (const span of spans) childrenOf.set(keyOfParent(span), [...(childrenOf.get(keyOfParent(span)) ?? []), span]);
  const below = (span: SpanRow): SpanRow[] => childrenOf.get(`${span.traceId}/${span.spanId}`) ?? [];
  const roots = childrenOf.get('') ?? [];
  if (assign(expected, roots, below) !== undefined) return;
  const wanted = expected.map((tree) => printExpected(tree, 0)).join('\n');
  throw new Error(
    `the trace differs.\n\nexpected:\n${wanted}\n\narrived (${spans.length} spans):\n${roots.map((root) => printSpan(root, below, 0)).join('\n')}\n`,
  );
}

/** A distinct span for each expected tree, found by trying; undefined when there is none. */
function assign(expected: readonly ExpectedSpan[], spans: readonly SpanRow[], below: (span: SpanRow) => SpanRow[]): SpanRow[] | undefined {
  const [first, ...rest] = expected;
  if (first === undefined) return [];
  for (const span of spans) {
    if (!matches(span, first, below)) continue;
    const others = assign(
      rest,
      spans.filter((other) => other !== span),
      below,
    );
    if (others !== undefined) return [span, ...others];
  }
  return undefined;
}

function matches(span: SpanRow, expected: ExpectedSpan, below: (span: SpanRow) => SpanRow[]): boolean {
  const { name, kind, isError, attributes = {}, children, allowsOthers = false } = expected;
  if (!isValue(span.name, name)) return false;
  if (kind !== undefined && span.kind !== kind) return false;
  if (isError !== undefined && span.isError !== isError) return false;
  if (!Object.entries(attributes).every(([key, value]) => isValue(span.attributes[key], value))) return false;
  if (children === undefined) return true;
  const found = below(span);
  return (allowsOthers || found.length === children.length) && assign(children, found, below) !== undefined;
}

function isValue(value: unknown, expected: ExpectedValue): boolean {
  if (expected instanceof RegExp) return typeof value === 'string' && expected.test(value);
  if (typeof expected === 'function') return expected(value);
  return JSON.stringify(value) === JSON.stringify(expected);
}

/** The tree of what arrived, one span a line, for messages. */
export function printSpan(span: SpanRow, below: (span: SpanRow) => SpanRow[], depth: number): string {
  const indent = '  '.repeat(depth);
  const facts = Object.entries(span.attributes).map(([key, value]) => `${indent}    ${key} = ${JSON.stringify(value)}`);
  const flags = [`kind ${span.kind}`, span.isError ? 'ERROR' : '', span.endMs === undefined ? 'OPEN' : ''].filter((flag) => flag !== '');
  return [`${indent}${span.name} (${flags.join(', ')})`, ...facts, ...below(span).map((child) => printSpan(child, below, depth + 1))].join(
    '\n',
  );
}

function printExpected(expected: ExpectedSpan, depth: number): string {
  const indent = '  '.repeat(depth);
  const facts = Object.entries(expected.attributes ?? {}).map(([key, value]) => `${indent}    ${key} = ${printValue(value)}`);
  const flags = [expected.kind === undefined ? '' : `kind ${expected.kind}`, expected.isError === true ? 'ERROR' : ''].filter(
    (flag) => flag !== '',
  );
  const title = `${indent}${String(expected.name)}${flags.length === 0 ? '' : ` (${flags.join(', ')})`}`;
  return [title, ...facts, ...(expected.children ?? []).map((child) => printExpected(child, depth + 1))].join('\n');
}

function printValue(value: ExpectedValue): string {
  if (value === undefined) return '(absent)';
  return typeof value === 'function' || value instanceof RegExp ? String(value) : JSON.stringify(value);
}
