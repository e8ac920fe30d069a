/** The review of chosen runs, beside as many that came before: what was done, what it cost, what recurs, what to change. */
import { useEffect, useState } from 'preact/hooks';
import type { Figured, Review } from '../../../analysis/index.ts';
import { count, duration, money, percent, plural } from '../../../analysis/numbers.ts';
import { source } from '../state.ts';
import { dayOf } from '../words.ts';
import { judged, shown, signed } from './figures.tsx';
import { PageHead } from './header.tsx';
import { Grid } from './grid.tsx';

type Element = preact.JSX.Element;

export function ReviewPage({ ids }: { readonly ids: readonly string[] }): Element {
  const [found, setFound] = useState<Review | undefined>(undefined);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    source
      .peek()
      ?.review(ids)
      .then(
        ({ review }) => {
          setFound(review);
        },
        (error: unknown) => {
          setProblem(error instanceof Error ? error.message : String(error));
        },
      );
  }, [ids.join()]);
  return (
    <>
      <PageHead title={<h1>Review of {plural(ids.length, 'run')}</h1>} />
      <main class="page">
        {found === undefined ? <p class="quiet loading">{problem === '' ? 'Reading the runs …' : problem}</p> : <Whole review={found} />}
      </main>
    </>
  );
}

function Whole({ review }: { readonly review: Review }): Element {
  const { phase, before, changes, notes } = review;
  return (
    <>
      <p class="verdict" data-what="reviewed">
        <b>{phase.runNames.slice(0, 5).join(', ')}</b>, {days(phase)}
        {before === undefined ? '' : `, beside ${plural(before.runs, 'run')} before, ${days(before)}`}.
      </p>
      <section data-section="changes">
        <h2>What to change</h2>
        {changes.length === 0 ? (
          <p>Nothing worth changing.</p>
        ) : (
          <ol class="findings">
            {changes.map(({ action, because, seconds, usd }) => (
              <li key={action}>
                {action} <span class="quiet">{[because, ...worthOf(seconds, usd)].join(', ')}</span>
              </li>
            ))}
          </ol>
        )}
      </section>
      <Done review={review} />
      <Costs review={review} />
      <Slower review={review} />
      <Recurring review={review} />
      {notes.map((note) => (
        <p key={note} class="quiet">
          {note}
        </p>
      ))}
    </>
  );
}

function days({ startMs, endMs }: Review['phase']): string {
  if (startMs === undefined || endMs === undefined) return 'no time';
  const [from, to] = [dayOf(startMs), dayOf(endMs)];
  return from === to ? from : `${from} to ${to}`;
}

const worthOf = (seconds: number | undefined, usd: number | undefined): string[] => [
  ...((seconds ?? 0) > 0 ? [duration((seconds ?? 0) * 1_000)] : []),
  ...((usd ?? 0) > 0 ? [money(usd ?? 0, 'USD')] : []),
];

function Done({ review: { done } }: { readonly review: Review }): Element {
  const { tasks, failedTasks, byType, commits, merges, conflicts, lockFailures } = done;
  const git = [
    plural(commits, 'commit'),
    plural(merges, 'merge'),
    plural(conflicts, 'conflict'),
    ...(lockFailures > 0 ? [plural(lockFailures, 'lock failure')] : []),
  ];
  return (
    <section>
      <h2>What was done</h2>
      <p>
        {plural(tasks, 'task')}
        {failedTasks > 0 ? `, ${count(failedTasks)} failed` : ''}; {git.join(', ')}.
      </p>
      {byType.length > 0 && (
        <Grid
          caption="Tasks by type"
          head={['Type of task', 'Tasks', 'Failed']}
          rows={byType.map(({ name, count: all, failed }) => [name, count(all), failed === 0 ? '–' : count(failed)])}
        />
      )}
    </section>
  );
}

function Costs({ review: { figures, perTask, before } }: { readonly review: Review }): Element {
  const isKnown = (each: Figured): boolean => (each.after ?? 0) !== 0 || (each.before ?? 0) !== 0;
  const rows = [...figures, ...perTask.map((each) => ({ ...each, about: `${each.about} for each task` }))].filter(isKnown);
  return (
    <section data-section="figures">
      <h2>What it cost</h2>
      {before === undefined ? (
        <Grid caption="Figures" head={['', 'These runs']} rows={rows.map((each) => [each.about, shown(each.after, each.unit)])} />
      ) : (
        <Grid
          caption="Figures"
          head={['', 'Before', 'These runs', 'Change']}
          texts={['Change']}
          rows={rows.map((each) => [each.about, shown(each.before, each.unit), shown(each.after, each.unit), judged(each)])}
        />
      )}
    </section>
  );
}

function Slower({ review: { slower, before } }: { readonly review: Review }): Element | null {
  if (before === undefined) return null;
  if (slower.length === 0)
    return (
      <section>
        <h2>What got slower</h2>
        <p>Nothing, as far as can be told from chance.</p>
      </section>
    );
  return (
    <section>
      <h2>What got slower</h2>
      <Grid
        caption="What got slower"
        head={['', 'Before', 'These runs', 'Change']}
        rows={slower.map(({ what, name, beforeMs, afterMs, change }) => [
          what === 'task type' ? `a task of type ${name}` : `${name}, for each task`,
          duration(beforeMs),
          duration(afterMs),
          signed(change),
        ])}
      />
    </section>
  );
}

function Recurring({ review: { findings, phase, before } }: { readonly review: Review }): Element | null {
  if (findings.length === 0) return null;
  return (
    <section data-section="recurring">
      <h2>What recurs</h2>
      <Grid
        caption="Findings"
        head={['Finding', 'In runs', ...(before === undefined ? [] : ['Before']), 'Worth', 'What to do']}
        texts={['What to do']}
        rows={findings.map(({ kind, runs, runsBefore, seconds, usd, action }) => [
          kind.replaceAll('_', ' '),
          `${runs} of ${phase.runs} (${percent(runs / Math.max(1, phase.runs))})`,
          ...(before === undefined ? [] : [`${runsBefore} of ${before.runs}`]),
          worthOf(seconds, usd).join(', '),
          action,
        ])}
      />
    </section>
  );
}
