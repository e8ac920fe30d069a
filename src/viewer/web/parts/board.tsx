/** The whole page: which screen is shown, and the board of a run with all its parts. */
import { announcement, failure, model, route, source, version } from '../state.ts';
import { Lanes, shownLanes } from '../timeline/lanes.tsx';
import { Below } from './below.tsx';
import { Dialogs } from './dialogs.tsx';
import { Diff } from './diff.tsx';
import { Drawer } from './drawer.tsx';
import { FailurePage, NothingYet } from './failure.tsx';
import { Banner, Header } from './header.tsx';
import { Legend } from './legend.tsx';
import { Needs } from './needs.tsx';
import { ReportPage } from './report-page.tsx';
import { ReviewPage } from './review.tsx';
import { Ruler } from './ruler.tsx';
import { Runs } from './runs.tsx';
import { Strips } from './strips.tsx';
import { TasksTable } from './table.tsx';
import { Tiles } from './tiles.tsx';

type Element = preact.JSX.Element;

/** So few lanes leave room for what the report says. */
const FEW_LANES = 8;

export function Board(): Element {
  return (
    <>
      <Screen />
      <Dialogs />
      <p class="unseen" aria-live="polite" role="status" id="announcement">
        {announcement.value}
      </p>
    </>
  );
}

function Screen(): Element {
  const at = route.value;
  if (source.value === undefined) return failure.value === undefined ? <p class="quiet loading">Loading …</p> : <FailurePage />;
  if (at.page === 'runs') return <Runs />;
  if (at.page === 'diff') return <Diff key={`${at.a} ${at.b}`} a={at.a} b={at.b} />;
  if (at.page === 'review') return <ReviewPage key={at.ids.join()} ids={at.ids} />;
  if (failure.value !== undefined && model.value === undefined) return <FailurePage />;
  return (
    <>
      <Header />
      <Banner />
      {at.screen === 'report' ? <ReportPage /> : <Run isTable={at.screen === 'table'} />}
    </>
  );
}

function Run({ isTable }: { readonly isTable: boolean }): Element {
  const isFew = shownLanes.value.length <= FEW_LANES;
  void version.peek();
  return (
    <>
      <Tiles />
      <main class={`board ${isTable ? 'as-table' : ''} ${isFew ? 'few' : ''}`}>
        <div class="picture">
          <NothingYet />
          {isTable ? (
            <TasksTable />
          ) : (
            <>
              <Strips />
              <Ruler />
              <Lanes height={isFew ? Math.max(1, shownLanes.value.length) * 28 + 4 : undefined} />
              <Legend />
              {isFew && <Below />}
            </>
          )}
        </div>
        <Needs />
      </main>
      <Drawer />
    </>
  );
}
