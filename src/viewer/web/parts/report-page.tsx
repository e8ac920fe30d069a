/** The report as a page: its sections as tables, and the same as printed text. */
import { useEffect } from 'preact/hooks';
import type { RunReport } from '../../../analysis/index.ts';
import { count, duration, money, plural } from '../../../analysis/numbers.ts';
import { silenceText } from '../../../analysis/silence.ts';
import { loadReport, report } from '../report.ts';
import { facts, model } from '../state.ts';
import { clock } from '../timeline/axis.ts';
import { ShareBar, ShareTable } from './category.tsx';
import { SlowestTasks, WallSteps } from './below.tsx';
import { Findings } from './findings.tsx';
import { Grid } from './grid.tsx';

type Element = preact.JSX.Element;

export function ReportPage(): Element {
  void facts.value;
  useEffect(() => {
    void loadReport(model.peek()?.run.state === 'live');
  }, []);
  const answer = report.value;
  if (answer === undefined) return <p class="quiet loading">Reading the whole run …</p>;
  const { report: found, text, isPreliminary } = answer;
  return (
    <main class="page report">
      {isPreliminary && <p class="banner">The run goes on: this is as of now.</p>}
      <Findings report={found} />
      <section>
        <h2>Where lane time went</h2>
        <ShareTable
          caption={`${plural(found.lanes.count, 'lane')} × ${duration(found.run.wallMs)} = ${duration(found.laneTime.expectedMs)} of lane time`}
          parts={found.laneTime.byCategory}
          totalMs={found.laneTime.totalMs}
        />
      </section>
      <section>
        <h2>What made the run this long</h2>
        <ShareBar parts={found.wallPath.segments.map(({ category, startMs, endMs }) => ({ category, ms: endMs - startMs }))} />
        <ShareTable caption="The wall path" parts={found.wallPath.byCategory} totalMs={found.run.wallMs} />
        <WallSteps report={found} />
      </section>
      <section>
        <h2>Slowest tasks</h2>
        <SlowestTasks report={found} />
      </section>
      <Durations report={found} />
      <Money report={found} />
      <Batches report={found} />
      <Trouble report={found} />
      <section>
        <h2>The report as text</h2>
        <details>
          <summary>As the terminal prints it</summary>
          <pre class="printed" tabIndex={0}>
            {text}
          </pre>
        </details>
      </section>
    </main>
  );
}

interface Props {
  readonly report: RunReport;
}

function Durations({ report: { categories, taskTypes } }: Props): Element | null {
  const rows = [...categories, ...taskTypes.map((each) => ({ ...each, name: `task ${each.name}` }))];
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>How long things take</h2>
      <Grid
        caption="Durations"
        head={['', 'Count', 'Failed', 'Mean', 'p50', 'p95']}
        rows={rows.map((each) => [
          each.name,
          count(each.count),
          each.failed === 0 ? '–' : count(each.failed),
          ...(['mean', 'p50', 'p95'] as const).map((which) => (each.durationMs === undefined ? '–' : duration(each.durationMs[which]))),
        ])}
      />
    </section>
  );
}

function Money({ report: { usage } }: Props): Element {
  const { models, tokens, cost, calls } = usage;
  if (calls === 0)
    return (
      <section>
        <h2>Tokens and money</h2>
        <p>No LLM call was seen.</p>
      </section>
    );
  const row = (name: string, each: { calls: number; tokens: typeof tokens; cost: typeof cost }): string[] => [
    name,
    count(each.calls),
    each.tokens.input === undefined ? '–' : count(each.tokens.input),
    each.tokens.output === undefined ? '–' : count(each.tokens.output),
    each.cost.amount === undefined ? '–' : money(each.cost.amount, each.cost.currency),
  ];
  return (
    <section data-section="usage">
      <h2>Tokens and money</h2>
      <Grid
        caption="By model"
        head={['Model', 'Calls', 'Tokens in', 'Tokens out', 'Cost']}
        rows={[...models.map((each) => row(each.model, each)), row('all', { calls, tokens, cost })]}
      />
    </section>
  );
}

function Batches({ report: { batches, run } }: Props): Element | null {
  if (batches.length === 0) return null;
  return (
    <section>
      <h2>Batches</h2>
      <Grid
        caption="Batches"
        head={['Batch', 'Size', 'From', 'Took', 'Parallel', 'Barrier wait', 'Straggler']}
        texts={['Straggler']}
        rows={batches.map(({ scheduler, index, size, startMs, durationMs, parallelism, barrierWaitMs, straggler }) => [
          `${scheduler}${index === undefined ? '' : ` ${index}`}`,
          count(size),
          clock(startMs - run.startMs),
          duration(durationMs),
          parallelism === undefined ? '–' : parallelism.toFixed(1),
          duration(barrierWaitMs),
          straggler === undefined ? '–' : `${straggler.name} +${duration(straggler.delayMs)}`,
        ])}
      />
    </section>
  );
}

function Trouble({ report: { trouble, losses, silent, run } }: Props): Element | null {
  const { errors, rateLimited, openCount, stopped } = trouble;
  const lines = [
    // A file of an older version has none.
    ...((silent as typeof silent | undefined) ?? []).map((agent) => silenceText(agent, run.startMs)),
    ...(rateLimited.count > 0
      ? [`${plural(rateLimited.count, 'refused call')}: ${duration(rateLimited.lostMs)} lost in them and in the waits after them`]
      : []),
    ...errors.map(({ about, count: times }) => `${about}: ${count(times)}`),
    ...stopped.map(({ signal, count: times }) => `ended by ${signal}: ${count(times)}`),
    ...(openCount > 0 ? [`${plural(openCount, 'span')} never ended`] : []),
    ...Object.entries(losses).map(([what, times]) => `lost on the way: ${what} ${count(times)}`),
  ];
  if (lines.length === 0) return null;
  return (
    <section>
      <h2>Trouble</h2>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
