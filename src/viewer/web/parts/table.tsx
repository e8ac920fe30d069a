/** The table: every row of the picture in words and numbers, the equal of the lanes for keyboards and screen readers. */
import { computed, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Category } from '../../../analysis/index.ts';
import { count, duration, money, percent } from '../../../analysis/numbers.ts';
import { clock } from '../timeline/axis.ts';
import { loadDetails, taskDetails } from '../details.ts';
import { meantNow } from '../meant.ts';
import { taskAt, timeOf, type Task } from '../model.ts';
import { selectTask, selectedTaskRow } from '../selection.ts';
import { facts, model, nowOfRun } from '../state.ts';
import { Chip, labelOf } from './category.tsx';
import { VirtualTable, type Column } from './virtual.tsx';
import { LinkButton } from './link-button.tsx';

type Element = preact.JSX.Element;

interface Row extends Task {
  readonly lengthMs: number;
  readonly most: { readonly category: Category; readonly share: number } | undefined;
  readonly llmCalls: number | undefined;
  readonly tokens: number | undefined;
  readonly cost: number | undefined;
}

const order = signal<{ key: string; isUp: boolean }>({ key: 'lane', isUp: true });

const rows = computed<readonly Row[]>(() => {
  void facts.value;
  const run = model.value;
  if (run === undefined) return [];
  const details = new Map((taskDetails.value ?? []).map((detail) => [detail.row, detail]));
  const meant = meantNow.value;
  const found: Row[] = [];
  for (let row = 0; row < run.tasks.id.length; row++) {
    const task = taskAt(run, row);
    if (task === undefined || (meant?.isOfTasks === true && meant.tasks[row] !== 1)) continue;
    const lengthMs = Math.max(0, (task.end ?? nowOfRun()) - task.start);
    const [top] = timeOf(run, task);
    const category = run.categories[top?.category ?? -1];
    const detail = details.get(row);
    const tokens =
      detail?.inputTokens === undefined && detail?.outputTokens === undefined
        ? undefined
        : (detail.inputTokens ?? 0) + (detail.outputTokens ?? 0);
    const most = top === undefined || category === undefined ? undefined : { category, share: Math.min(1, top.ms / Math.max(1, lengthMs)) };
    found.push({ ...task, lengthMs, most, llmCalls: detail?.llmCalls, tokens, cost: detail?.cost });
  }
  const { key, isUp } = order.value;
  const valueOf = VALUES[key] ?? ((row: Row) => row.lane);
  const sign = isUp ? 1 : -1;
  return found.sort((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    const by = typeof x === 'string' && typeof y === 'string' ? x.localeCompare(y) : Number(x) - Number(y);
    return sign * by || a.lane - b.lane || a.start - b.start;
  });
});

const VALUES: Readonly<Record<string, (row: Row) => string | number>> = {
  lane: ({ lane }) => lane,
  label: ({ label }) => label,
  type: ({ type }) => type,
  state: ({ state }) => state,
  start: ({ start }) => start,
  length: ({ lengthMs }) => lengthMs,
  most: ({ most }) => most?.category ?? '',
  calls: ({ llmCalls }) => llmCalls ?? -1,
  tokens: ({ tokens }) => tokens ?? -1,
  cost: ({ cost }) => cost ?? -1,
};

const STATES = { running: 'running', done: 'done', failed: 'failed', cut: 'cut off by the end of its process' } as const;

const columns: readonly Column<Row>[] = [
  { key: 'lane', title: 'Lane', isNumber: true, cell: ({ lane }) => (lane < 0 ? '–' : lane + 1) },
  {
    key: 'label',
    title: 'Name',
    cell: ({ row, label }) => (
      <LinkButton
        onClick={() => {
          selectTask(row);
        }}
      >
        {label}
      </LinkButton>
    ),
  },
  { key: 'type', title: 'Type', cell: ({ type }) => type },
  { key: 'state', title: 'State', cell: ({ state }) => STATES[state] },
  { key: 'start', title: 'Start', isNumber: true, cell: ({ start }) => clock(start, 100) },
  { key: 'length', title: 'Length', isNumber: true, cell: ({ lengthMs }) => duration(lengthMs) },
  {
    key: 'most',
    title: 'Mostly',
    cell: ({ most }) =>
      most === undefined ? (
        '–'
      ) : (
        <>
          <Chip category={most.category} /> {labelOf(most.category)} {percent(most.share)}
        </>
      ),
  },
  { key: 'calls', title: 'LLM calls', isNumber: true, cell: ({ llmCalls }) => llmCalls ?? '–' },
  { key: 'tokens', title: 'Tokens', isNumber: true, cell: ({ tokens }) => (tokens === undefined ? '–' : count(tokens)) },
  { key: 'cost', title: 'Cost', isNumber: true, cell: ({ cost }) => (cost === undefined ? '–' : money(cost, 'USD')) },
];

export function TasksTable(): Element {
  useEffect(() => {
    void loadDetails();
  }, []);
  return (
    <VirtualTable
      rows={rows.value}
      columns={columns}
      rowHeight={28}
      caption={`${count(rows.value.length)} rows: what was in the lanes`}
      keyOf={({ row }) => row}
      isCurrent={({ row }) => row === selectedTaskRow.value}
      sort={order.value}
      onSort={(key) => {
        order.value = { key, isUp: order.peek().key === key ? !order.peek().isUp : true };
      }}
    />
  );
}
