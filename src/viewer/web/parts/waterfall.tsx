/** The spans of a task as a waterfall: as a tree, each with its bar on the time of the task. Fetched by pages when a task is selected. */
import { useEffect, useState } from 'preact/hooks';
import { count, duration, money } from '../../../analysis/numbers.ts';
import type { SpanItem } from '../../wire.ts';
import type { Task } from '../model.ts';
import { changeView, facts, nowOfRun, runId, source, view } from '../state.ts';
import { VirtualTable, type Column } from './virtual.tsx';
import { LinkButton } from './link-button.tsx';

type Element = preact.JSX.Element;

interface Loaded {
  readonly task: string;
  readonly spans: readonly SpanItem[];
  readonly next: string | undefined;
  readonly total: number | undefined;
  readonly problem?: string;
}

interface Row {
  readonly span: SpanItem;
  readonly depth: number;
}

export function Waterfall({ task }: { readonly task: Task }): Element {
  const [loaded, setLoaded] = useState<Loaded | undefined>(undefined);
  // The tree of a task that has ended does not change any more.
  const moment = task.state === 'running' ? Math.floor(facts.value / 20) : 0;
  const load = (before: Loaded | undefined, isStill: () => boolean): void => {
    const [from, run] = [source.peek(), runId.peek()];
    if (from === undefined || run === undefined) return;
    from.spans(run, { task: task.row }, before?.next).then(
      ({ spans, next, total }) => {
        if (isStill()) setLoaded({ task: task.id, spans: [...(before?.spans ?? []), ...spans], next, total });
      },
      (error: unknown) => {
        if (isStill()) setLoaded({ task: task.id, spans: before?.spans ?? [], next: undefined, total: undefined, problem: String(error) });
      },
    );
  };
  useEffect(() => {
    let isStill = true;
    load(undefined, () => isStill);
    return () => {
      isStill = false;
    };
  }, [task.id, moment]);
  const own = loaded?.task === task.id ? loaded : undefined;
  if (own === undefined) return <p class="quiet waterfall">Reading its spans …</p>;
  if (own.problem !== undefined && own.spans.length === 0) return <p class="waterfall">{own.problem}</p>;
  const rows = treeOf(own.spans);
  return (
    <div class="waterfall">
      <VirtualTable
        rows={rows}
        columns={columnsFor(task)}
        rowHeight={24}
        caption={`${count(rows.length)} spans of ${task.label}`}
        keyOf={({ span }) => `${span.trace}/${span.id}`}
        isCurrent={({ span }) => view.value.span === `${span.trace}/${span.id}`}
      />
      {own.next !== undefined && (
        <button
          type="button"
          onClick={() => {
            load(own, () => true);
          }}
        >
          More: {count(own.spans.length)}
          {own.total === undefined ? '' : ` of ${count(own.total)}`} are shown
        </button>
      )}
    </div>
  );
}

/** Depth first, children in order of start; a span whose parent is not there stands at the top. */
export function treeOf(spans: readonly SpanItem[]): Row[] {
  const key = (trace: string, id: string): string => `${trace}/${id}`;
  const known = new Set(spans.map(({ trace, id }) => key(trace, id)));
  const children = new Map<string, SpanItem[]>();
  const tops: SpanItem[] = [];
  for (const span of spans) {
    const parent = span.parent === undefined ? undefined : key(span.parentTrace ?? span.trace, span.parent);
    if (parent === undefined || !known.has(parent)) tops.push(span);
    else children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const rows: Row[] = [];
  const seen = new Set<SpanItem>();
  const stack = lastFirst(tops, 0);
  for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
    if (seen.has(row.span)) continue;
    seen.add(row.span);
    rows.push(row);
    const { span, depth } = row;
    stack.push(...lastFirst(children.get(key(span.trace, span.id)) ?? [], depth + 1));
  }
  return rows;
}

const lastFirst = (spans: readonly SpanItem[], depth: number): Row[] => spans.map((span) => ({ span, depth })).reverse();

const CLASSES: Readonly<Record<string, string>> = {
  llm: 'LLM',
  git: 'git',
  tool: 'tool',
  wait: 'wait',
  process: 'process',
  agent: 'agent',
  task: 'task',
};

function columnsFor(task: Task): readonly Column<Row>[] {
  const end = task.end ?? nowOfRun();
  const length = Math.max(1, end - task.start);
  return [
    {
      key: 'name',
      title: 'Span',
      cell: ({ span, depth }) => (
        <LinkButton
          indentPx={Math.min(depth, 12) * 12}
          title={span.name}
          onClick={() => {
            changeView({ span: `${span.trace}/${span.id}` }, 'push');
          }}
        >
          {span.isError ? '× ' : ''}
          {span.name}
          {span.isError && <span class="unseen"> (failed)</span>}
        </LinkButton>
      ),
    },
    { key: 'class', title: 'Kind', cell: ({ span }) => CLASSES[span.class] ?? span.class },
    { key: 'length', title: 'Length', isNumber: true, cell: ({ span }) => (span.end === null ? 'open' : duration(span.end - span.start)) },
    { key: 'facts', title: 'Tokens, cost', cell: ({ span }) => <span title={llmFacts(span)}>{llmFacts(span)}</span> },
    {
      key: 'bar',
      title: 'When',
      cell: ({ span }) => {
        const from = Math.max(0, Math.min(1, (span.start - task.start) / length));
        const to = Math.max(from, Math.min(1, ((span.end ?? end) - task.start) / length));
        return (
          <span class="when" aria-hidden="true">
            <span
              class={`kind-${span.class} ${span.isError ? 'failed' : ''}`}
              style={{ left: `${from * 100}%`, width: `max(2px, ${(to - from) * 100}%)` }}
            />
          </span>
        );
      },
    },
  ];
}

function llmFacts({ inputTokens, outputTokens, cost, firstChunkMs, ending }: SpanItem): string {
  const parts = [
    ...(inputTokens === undefined && outputTokens === undefined ? [] : [`${count(inputTokens ?? 0)} in, ${count(outputTokens ?? 0)} out`]),
    ...(cost === undefined ? [] : [money(cost, 'USD')]),
    ...(firstChunkMs === undefined ? [] : [`first chunk ${duration(firstChunkMs)}`]),
    ...(ending === undefined ? [] : [ending]),
  ];
  return parts.join(', ');
}
