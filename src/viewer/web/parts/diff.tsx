/** Two runs side by side: what differs in time and money, and both pictures on one axis. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { compareRuns } from '../../../analysis/compare.ts';
import { duration, money } from '../../../analysis/numbers.ts';
import type { DiffAnswer, Snapshot } from '../../wire.ts';
import { lengthOf, go, source } from '../state.ts';
import { modelOf } from '../model.ts';
import { PLAIN_VIEW } from '../url.ts';
import { theme } from '../theme.ts';
import { draw } from '../timeline/draw.ts';
import { layoutOf } from '../timeline/layout.ts';
import { paletteOf } from '../timeline/palette.ts';
import { Chip, labelOf } from './category.tsx';
import { Common } from './header.tsx';
import { Grid } from './report-page.tsx';

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
      <header class="head">
        <div class="title">
          <button
            type="button"
            class="link"
            onClick={() => {
              go({ page: 'runs' });
            }}
          >
            Runs
          </button>
          <h1>Two runs</h1>
        </div>
        <nav class="switches" aria-label="View">
          <Common />
        </nav>
      </header>
      <main class="page">
        {answer === undefined ? <p class="quiet loading">{problem === '' ? 'Reading both runs …' : problem}</p> : <Both answer={answer} />}
      </main>
    </>
  );
}

function Both({ answer: { a, b } }: { readonly answer: DiffAnswer }): Element {
  const found = compareRuns(a.report, b.report);
  const longest = Math.max(a.report.run.wallMs, b.report.run.wallMs, 1);
  const signed = (ms: number): string => `${ms > 0 ? '+' : ''}${duration(ms)}`;
  const cost = (amount: number | undefined): string => (amount === undefined ? '–' : money(amount, 'USD'));
  return (
    <>
      <p class="verdict" data-what="difference">
        B ({b.report.run.name}){' '}
        {found.wallMs === 0 ? (
          'took as long as'
        ) : (
          <>
            is <b>{duration(Math.abs(found.wallMs))}</b> {found.wallMs > 0 ? 'slower than' : 'faster than'}
          </>
        )}{' '}
        A ({a.report.run.name})
        {found.most === undefined
          ? ''
          : `; most of the difference in lane time: ${labelOf(found.most.category)} ${signed(found.most.differenceMs)}`}
        {found.cost === undefined || found.cost === 0
          ? ''
          : `; ${money(Math.abs(found.cost), 'USD')} ${found.cost > 0 ? 'dearer' : 'cheaper'}`}
        .
      </p>
      <Picture title="A" snapshot={a.snapshot} toMs={longest} />
      <Picture title="B" snapshot={b.snapshot} toMs={longest} />
      <section>
        <h2>Lane time and wall path by category</h2>
        <Grid
          caption="By category"
          head={['Category', 'A', 'B', 'Difference', 'Path A', 'Path B']}
          rows={found.categories.map((each) => [
            <>
              <Chip category={each.category} /> {labelOf(each.category)}
            </>,
            duration(each.aMs),
            duration(each.bMs),
            signed(each.differenceMs),
            duration(each.pathAMs),
            duration(each.pathBMs),
          ])}
        />
      </section>
      <section>
        <h2>Types of tasks</h2>
        <Grid
          caption="Median by type of task"
          head={['Type', 'A', 'B', 'Median A', 'Median B', 'Difference']}
          rows={found.types.map((each) => [
            each.name,
            each.aCount,
            each.bCount,
            each.aMs === undefined ? '–' : duration(each.aMs),
            each.bMs === undefined ? '–' : duration(each.bMs),
            each.differenceMs === undefined ? '–' : signed(each.differenceMs),
          ])}
        />
      </section>
      <section>
        <h2>Models</h2>
        <Grid
          caption="By model"
          head={['Model', 'Calls A', 'Calls B', 'Cost A', 'Cost B']}
          rows={found.models.map((each) => [each.name, each.aCalls, each.bCalls, cost(each.aCost), cost(each.bCost)])}
        />
      </section>
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
        <button
          type="button"
          class="link"
          onClick={() => {
            go({ page: 'run', id: snapshot.run.id, screen: 'board', view: PLAIN_VIEW });
          }}
        >
          {snapshot.run.name}
        </button>
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
