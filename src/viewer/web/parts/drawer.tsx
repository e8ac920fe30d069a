/** The drawer: the selected task with its spans as a waterfall, and one span with its attributes. */
import { useEffect } from 'preact/hooks';
import { count, duration, money } from '../../../analysis/numbers.ts';
import { clock } from '../timeline/axis.ts';
import { loadDetails, taskDetails } from '../details.ts';
import { timeOf, type RunModel, type Task } from '../model.ts';
import { openTask, selectedLane, selectedTask, sentenceAt, cursor } from '../selection.ts';
import { changeView, facts, model, nowOfRun, view } from '../state.ts';
import { ShareBar, Chip, labelOf } from './category.tsx';
import { SpanPanel } from './span.tsx';
import { second } from './needs.tsx';
import { Waterfall } from './waterfall.tsx';

type Element = preact.JSX.Element;

export function Drawer(): Element | null {
  void [facts.value, second.value];
  const run = model.value;
  const task = selectedTask.value;
  const lane = selectedLane.value;
  useEffect(() => {
    if (task !== undefined) void loadDetails();
  }, [task === undefined]);
  if (run === undefined || (task === undefined && lane === undefined)) return null;
  return (
    <section class="drawer" aria-label="What is selected">
      <div class="drawer-head">
        <h2>{task === undefined ? `Lane ${(lane ?? 0) + 1}` : task.label}</h2>
        {task !== undefined && (
          <button type="button" onClick={openTask} title="Enter">
            Zoom to it
          </button>
        )}
        <button
          type="button"
          onClick={() => {
            changeView({ selected: undefined, span: undefined }, 'push');
          }}
          title="Escape"
        >
          Close
        </button>
      </div>
      {task === undefined ? (
        <p>{sentenceAt(lane ?? 0, cursor.value?.ms ?? 0)}</p>
      ) : (
        <div class={`drawer-parts ${view.value.span === undefined ? '' : 'with-span'}`}>
          <TaskFacts run={run} task={task} />
          <Waterfall task={task} />
          {view.value.span !== undefined && <SpanPanel span={view.value.span} />}
        </div>
      )}
    </section>
  );
}

const STATES = { running: 'running', done: 'done', failed: 'failed', cut: 'cut off by the end of its process' } as const;

function TaskFacts({ run, task }: { readonly run: RunModel; readonly task: Task }): Element {
  void [facts.value, second.value];
  const detail = taskDetails.value?.find(({ row }) => row === task.row);
  const end = task.end ?? nowOfRun();
  const open = run.open.get(task.lane);
  const parts = timeOf(run, task).map(({ category, ms }) => ({ category: run.categories[category] ?? ('other' as const), ms }));
  const lines: [string, preact.ComponentChildren][] = [
    ['State', STATES[task.state]],
    ['Type', task.type],
    ['Lane', task.lane < 0 ? 'none' : task.lane + 1],
    ['Started', clock(task.start, 100)],
    ['Length', duration(end - task.start)],
  ];
  if (open?.task === task.row && open.name !== undefined)
    lines.push(['Does now', `${open.name}, ${duration(Math.max(0, nowOfRun() - open.since))}`]);
  if (open?.task === task.row) lines.push(['Last sign', `${duration(Math.max(0, nowOfRun() - open.sign))} ago`]);
  if (detail !== undefined) {
    lines.push(['LLM calls', count(detail.llmCalls)]);
    if (detail.inputTokens !== undefined || detail.outputTokens !== undefined)
      lines.push(['Tokens', `${count(detail.inputTokens ?? 0)} in, ${count(detail.outputTokens ?? 0)} out`]);
    if (detail.cost !== undefined) lines.push(['Cost', money(detail.cost, 'USD')]);
    if (detail.refused > 0) lines.push(['Refused', count(detail.refused)]);
    if (detail.errorType !== undefined) lines.push(['Error', detail.errorType]);
    lines.push(['Spans', count(detail.spans)]);
  }
  return (
    <div class="task-facts">
      <ShareBar parts={parts} />
      <ul class="inline">
        {parts.map(({ category, ms }) => (
          <li key={category}>
            <Chip category={category} /> {labelOf(category)} {duration(ms)}
          </li>
        ))}
      </ul>
      <dl>
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
