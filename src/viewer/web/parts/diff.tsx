/** Two runs side by side: what differs in time and money, and both pictures on one axis. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Category, Comparison } from '../../../analysis/index.ts';
import { count, duration } from '../../../analysis/numbers.ts';
import type { DiffAnswer, Snapshot } from '../../wire.ts';
import { lengthOf, go, source } from '../state.ts';
import { modelOf } from '../model.ts';
import { PLAIN_VIEW } from '../url.ts';
import { theme } from '../theme.ts';
import { draw } from '../timeline/draw.ts';
import { layoutOf } from '../timeline/layout.ts';
import { paletteOf } from '../timeline/palette.ts';
import { Chip, labelOf } from './category.tsx';
import { PageHead } from './header.tsx';
import { judged, shown } from './figures.tsx';
import { Grid } from './grid.tsx';
import { LinkButton } from './link-button.tsx';

type Element = preact.JSX.Element;

export function Diff({ a, b }: { readonly a: string; readonly b: string }): Element {
  const [answer, setAnswer] = useState<DiffAnswer | undefined>(undefined);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    source
      .peek()
      ?.diff(a, b)
      .then(setAnswer, (error: unknown) => {
        setProblem(error instanceof Error ? error.message : String(error));
      });
  }, [a, b]);
  return (
    <>
      <PageHead title={<h1>Two runs</h1>} />
      <main class="page">
        {answer === undefined ? <p class="quiet loading">{problem === '' ? 'Reading both runs …' : problem}</p> : <Both answer={answer} />}
      </main>
    </>
  );
}

function Both({ answer: { a, b, comparison } }: { readonly answer: DiffAnswer }): Element {
  const longest = Math.max(a.report.run.wallMs, b.report.run.wallMs, 1);
  return (
    <>
      {comparison !== undefined && <Headline comparison={comparison} />}
      <Picture title="A" snapshot={a.snapshot} toMs={longest} />
      <Picture title="B" snapshot={b.snapshot} toMs={longest} />
      {comparison === undefined ? <p>One of the two reports cannot be compared.</p> : <Differences comparison={comparison} />}
    </>
  );
}

function Headline({ comparison: { before, after, laneTime } }: { readonly comparison: Comparison }): Element {
  const differenceMs = after.wallMs - before.wallMs;
  const most = laneTime.find((each) => (each.after ?? 0) !== (each.before ?? 0));
  const mostMs = (most?.after ?? 0) - (most?.before ?? 0);
  return (
    <p class="verdict" data-what="difference">
      B ({after.name}){' '}
      {differenceMs === 0 ? (
        'took as long as'
      ) : (
        <>
          is <b>{duration(Math.abs(differenceMs))}</b> {differenceMs > 0 ? 'slower than' : 'faster than'}
        </>
      )}{' '}
      A ({before.name})
      {most === undefined
        ? ''
        : `; the lane time that differs most: ${labelOf(most.name as Category)} ${mostMs > 0 ? '+' : ''}${duration(mostMs)}`}
      .
    </p>
  );
}

function Differences({
  comparison: { figures, laneTime, taskTypes, tasks, findings, notes },
}: {
  readonly comparison: Comparison;
}): Element {
  const known = figures.filter(({ before, after }) => (before ?? 0) !== 0 || (after ?? 0) !== 0);
  return (
    <>
      <section>
        <h2>What changed</h2>
        <Grid
          caption="Figures"
          head={['', 'A', 'B', 'Change']}
          texts={['Change']}
          rows={known.map((each) => [each.about, shown(each.before, each.unit), shown(each.after, each.unit), judged(each)])}
        />
      </section>
      <section>
        <h2>Where lane time went</h2>
        <Grid
          caption="Lane time by category"
          head={['Category', 'A', 'B', 'Change']}
          texts={['Change']}
          rows={laneTime.map((each) => [
            <>
              <Chip category={each.name as Category} /> {labelOf(each.name as Category)}
            </>,
            shown(each.before, 'ms'),
            shown(each.after, 'ms'),
            judged(each),
          ])}
        />
      </section>
      {taskTypes.length > 0 && (
        <section>
          <h2>Types of tasks</h2>
          <Grid
            caption="Means by type of task"
            head={['Mean of', 'A', 'B', 'Change']}
            texts={['Change']}
            rows={taskTypes.map((each) => [
              each.name,
              `${count(each.before.count)} × ${shown(each.before.meanMs, 'ms')}`,
              `${count(each.after.count)} × ${shown(each.after.meanMs, 'ms')}`,
              judged(each),
            ])}
          />
        </section>
      )}
      {tasks.changes.length > 0 && (
        <section>
          <h2>Tasks of both runs that differ most</h2>
          <Grid
            caption="Tasks"
            head={['Task', 'A', 'B']}
            rows={tasks.changes.map((each) => [each.key, duration(each.beforeMs), duration(each.afterMs)])}
          />
        </section>
      )}
      {findings !== undefined && findings.new.length + findings.gone.length > 0 && (
        <section>
          <h2>Findings</h2>
          <ul class="choices">
            {findings.new.map((each) => (
              <li key={`new ${each.kind}`}>
                New in B: <b>{each.kind.replaceAll('_', ' ')}</b> {each.action}
              </li>
            ))}
            {findings.gone.map((each) => (
              <li key={`gone ${each.kind}`}>Gone in B: {each.kind.replaceAll('_', ' ')}</li>
            ))}
          </ul>
        </section>
      )}
      {notes.map((note) => (
        <p key={note} class="quiet">
          {note}
        </p>
      ))}
    </>
  );
}

const ROW_PX = 20;
const MAX_PX = 260;

function Picture({ title, snapshot, toMs }: { readonly title: string; readonly snapshot: Snapshot; readonly toMs: number }): Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const height = Math.min(MAX_PX, Math.max(24, snapshot.lanes.count * ROW_PX));
  const tone = theme.value;
  useEffect(() => {
    const own = canvas.current;
    const pen = own?.getContext('2d', { alpha: false }) ?? null;
    if (own === null || pen === null) return undefined;
    const model = modelOf(snapshot);
    const paint = (): void => {
      const ratio = Math.min(3, window.devicePixelRatio || 1);
      const width = own.clientWidth;
      own.width = Math.round(width * ratio);
      own.height = Math.round(height * ratio);
      const lanes = model.rows.map((_, lane) => lane);
      draw(pen, {
        ...{ model, width, height, ratio, groups: [], gutter: 34, scrollTop: 0, isLive: false, nowMs: lengthOf(model) },
        layout: layoutOf({ lanes, pinned: [], needy: [], groups: 0, mode: 'auto', height }),
        palette: paletteOf(model.categories, tone, pen),
        range: { from: 0, to: toMs },
        ...{ meant: undefined, needy: new Map(), lit: new Set<number>(), selectedLane: undefined, selectedTask: undefined },
      });
    };
    const observer = new ResizeObserver(paint);
    observer.observe(own);
    return () => {
      observer.disconnect();
    };
  }, [snapshot, toMs, tone]);
  return (
    <figure>
      <figcaption>
        {title}:{' '}
        <LinkButton
          onClick={() => {
            go({ page: 'run', id: snapshot.run.id, screen: 'board', view: PLAIN_VIEW });
          }}
        >
          {snapshot.run.name}
        </LinkButton>
        , {duration(lengthOf(modelOf(snapshot)))}
      </figcaption>
      <canvas
        ref={canvas}
        style={{ height: `${height}px` }}
        class="still"
        aria-label={`Lanes of ${title}; the table below has the numbers`}
        role="img"
      />
    </figure>
  );
}
