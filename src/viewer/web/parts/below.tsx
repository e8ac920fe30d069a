/** What stands below a few lanes once a run has ended: what made it this long, batches, the slowest tasks. */
import type { RunReport } from '../../../analysis/index.ts';
import { duration, percent, plural } from '../../../analysis/numbers.ts';
import { isReportGone, report } from '../report.ts';
import { selectTask } from '../selection.ts';
import { facts, isLive, model, nowOfRun } from '../state.ts';
import { showLane } from '../timeline/lanes.tsx';
import { Chip, labelOf, ShareBar } from './category.tsx';
import { Grid } from './grid.tsx';
import { second } from './needs.tsx';
import { Findings } from './findings.tsx';
import { LinkButton } from './link-button.tsx';

type Element = preact.JSX.Element;

const MAX_STEPS = 24;

export function Below(): Element | null {
  const answer = report.value;
  if (isLive.value) return <UnderWay />;
  if (model.value === undefined) return null;
  if (answer === undefined || answer.isPreliminary)
    return (
      <p class="quiet loading">{isReportGone.value ? 'The report could not be fetched: Report (r) tries again.' : 'Making the report …'}</p>
    );
  const { report: found } = answer;
  return (
    <div class="below">
      <Findings report={found} />
      <section>
        <h2>What made the run this long</h2>
        <ShareBar parts={found.wallPath.segments.map(({ category, startMs, endMs }) => ({ category, ms: endMs - startMs }))} />
        <WallSteps report={found} />
      </section>
      <section>
        <h2>Slowest tasks</h2>
        <SlowestTasks report={found} />
      </section>
    </div>
  );
}

/** What each lane does at this moment. */
function UnderWay(): Element | null {
  void [facts.value, second.value];
  const run = model.value;
  const open = [...(run?.open.values() ?? [])].sort((a, b) => a.lane - b.lane);
  if (run === undefined || open.length === 0) return null;
  const now = nowOfRun();
  return (
    <div class="below">
      <Grid
        caption="Under way"
        head={['Lane', 'Task', 'Does', 'For', 'Last sign']}
        texts={['Task', 'Does']}
        rows={open.map(({ lane, task, category, name, since, sign }) => [
          lane + 1,
          run.tasks.label[task] ?? '–',
          <>
            <Chip category={run.categories[category] ?? 'other'} /> {name ?? labelOf(run.categories[category] ?? 'other')}
          </>,
          duration(Math.max(0, now - since)),
          `${duration(Math.max(0, now - sign))} ago`,
        ])}
      />
    </div>
  );
}

export function WallSteps({ report: { wallPath } }: { readonly report: RunReport }): Element {
  const steps = wallPath.steps.slice(0, MAX_STEPS);
  return (
    <p class="steps">
      {steps.map(({ name, category, startMs, endMs, count }, index) => (
        <span key={index}>
          {name ?? (category === undefined ? 'task' : labelOf(category))}
          {count > 1 ? ` × ${count}` : ''} <b>{duration(endMs - startMs)}</b>
          {index < steps.length - 1 ? ' › ' : ''}
        </span>
      ))}
      {wallPath.steps.length > MAX_STEPS && <span class="quiet"> › and {wallPath.steps.length - MAX_STEPS} more</span>}
    </p>
  );
}

export function SlowestTasks({ report: { slowest } }: { readonly report: RunReport }): Element {
  if (slowest.length === 0) return <p>No task was seen.</p>;
  return (
    <ol class="slowest">
      {slowest.map((task) => (
        <li key={task.spanId}>
          <LinkButton
            onClick={() => {
              const row = model.peek()?.tasks.id.indexOf(task.spanId) ?? -1;
              if (row < 0) return;
              selectTask(row);
              showLane(model.peek()?.tasks.lane[row] ?? 0);
            }}
          >
            {task.name}
          </LinkButton>{' '}
          <b>{duration(task.durationMs)}</b>
          <span class="quiet">
            {task.typicalMs === undefined || task.typicalMs <= 0
              ? ''
              : ` ${(task.durationMs / task.typicalMs).toFixed(1)} × the median of its type`}
            {task.heldUpMs === undefined ? '' : `, the last of its batch by ${duration(task.heldUpMs)}`}
            {task.rateLimited.count > 0 ? `, ${plural(task.rateLimited.count, 'refusal')}` : ''}
          </span>
          <ShareBar parts={task.breakdown} />
          <span class="quiet">
            {task.breakdown
              .slice(0, 3)
              .map(({ category, ms }) => `${labelOf(category)} ${percent(ms / Math.max(1, task.durationMs))}`)
              .join(', ')}
          </span>
        </li>
      ))}
    </ol>
  );
}
