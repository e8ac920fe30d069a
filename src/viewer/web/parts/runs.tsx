/** The list of runs, stored and living: searched and sorted, two of them compared, any of them reviewed. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { count } from '../../../analysis/numbers.ts';
import type { RunItem, RunsPage } from '../../wire.ts';
import { inOrder, runsFound, type Order } from '../run-list.ts';
import { SourceError } from '../source.ts';
import { failure, go, source } from '../state.ts';
import { PLAIN_VIEW } from '../url.ts';
import { PageHead } from './header.tsx';
import { FailurePage } from './failure.tsx';
import { runColumns } from './runs-table.tsx';
import { VirtualTable } from './virtual.tsx';

type Element = preact.JSX.Element;

/** Living runs change, and new ones come. */
const REFRESH_MS = 5_000;
/** The server reads one run after the other for what stands in the list: until all are known it is asked sooner. */
const SOON_MS = 700;

interface Loaded {
  readonly runs: readonly RunItem[];
  readonly next: string | undefined;
  readonly total: number;
}

export function Runs(): Element {
  const [loaded, setLoaded] = useState<Loaded | undefined>(undefined);
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [order, setOrder] = useState<Order>({ key: 'when', isUp: false });
  const more = useRef<(() => void) | undefined>(undefined);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let known: Loaded | undefined;
    let isOver = false;
    const load = async (cursor?: string): Promise<void> => {
      clearTimeout(timer);
      const unknown = (known?.runs ?? []).filter(isAwaited).length;
      try {
        const page = await source.peek()?.runs(cursor);
        if (isOver || page === undefined) return;
        failure.value = undefined;
        if (page.opens !== undefined && !hasRoute()) go({ page: 'run', id: page.opens, screen: 'board', view: PLAIN_VIEW }, 'replace');
        setLoaded((known = cursor === undefined ? renewed(known, page) : extended(known, page)));
      } catch (error) {
        if (error instanceof SourceError) failure.value = { code: error.code, message: error.message };
      }
      const left = (known?.runs ?? []).filter(isAwaited).length;
      const isSoon = left > 0 && (unknown === 0 || left < unknown);
      if (!isOver) timer = setTimeout(again, isSoon ? SOON_MS : REFRESH_MS);
    };
    const again = (): void => {
      if (document.hidden) timer = setTimeout(again, REFRESH_MS);
      else void load();
    };
    more.current = () => void load(known?.next);
    void load();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  if (failure.value !== undefined && loaded === undefined) return <FailurePage />;
  const shown = inOrder(runsFound(loaded?.runs ?? [], search), order);
  // What was deleted meanwhile is no longer chosen.
  const own = (loaded?.runs ?? []).filter(({ id }) => chosen.includes(id)).sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0));
  const [a, b] = own;
  return (
    <>
      <PageHead
        isBelowRuns={false}
        title={
          <>
            <h1>Runs</h1>
            {loaded !== undefined && <span class="state">{count(loaded.total)} stored</span>}
          </>
        }
      >
        <label class="unseen" for="filter">
          Search runs
        </label>
        <input
          id="filter"
          type="search"
          placeholder="name, day, repository, >5m, cost>0.50"
          value={search}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
          }}
        />
        <button
          type="button"
          disabled={own.length !== 2}
          onClick={() => {
            if (a !== undefined && b !== undefined) go({ page: 'diff', a: a.id, b: b.id });
          }}
        >
          Compare{own.length === 2 ? '' : ' (choose two)'}
        </button>
        <button
          type="button"
          disabled={own.length === 0}
          onClick={() => {
            go({ page: 'review', ids: own.map(({ id }) => id) });
          }}
        >
          Review{own.length === 0 ? ' (choose some)' : ` ${count(own.length)}`}
        </button>
      </PageHead>
      <main class="page">
        {failure.value !== undefined && <p class="banner">{failure.value.message}</p>}
        {loaded === undefined ? (
          <p class="quiet loading">Reading the runs …</p>
        ) : loaded.runs.length === 0 ? (
          <p>
            No run is stored yet. <code>swarmscope run -- node app.js</code> records one.
          </p>
        ) : (
          <VirtualTable
            rows={shown}
            columns={runColumns(chosen, setChosen)}
            rowHeight={32}
            caption={`${count(shown.length)} runs`}
            keyOf={({ id }) => id}
            sort={order}
            onSort={(key) => {
              setOrder({ key, isUp: order.key === key ? !order.isUp : key === 'name' || key === 'ok' });
            }}
          />
        )}
        {loaded?.next !== undefined && (
          <button type="button" onClick={() => more.current?.()}>
            More: {count(loaded.runs.length)} of {count(loaded.total)} are shown
          </button>
        )}
      </main>
    </>
  );
}

/** An address without a route opens the run that the user asked for. */
function hasRoute(): boolean {
  return location.hash.startsWith('#/');
}

/** Its summary is being made, as far as the page can know. */
const isAwaited = ({ state, summary }: RunItem): boolean => summary === undefined && (state === 'ended' || state === 'cut');

/** The first page anew; what was shown beyond it stays. */
function renewed(before: Loaded | undefined, { runs, next, total }: RunsPage): Loaded {
  if (before === undefined || before.runs.length <= runs.length) return { runs, next, total };
  const ids = new Set(runs.map(({ id }) => id));
  return { runs: [...runs, ...before.runs.slice(runs.length).filter(({ id }) => !ids.has(id))], next: before.next, total };
}

function extended(before: Loaded | undefined, { runs, next, total }: RunsPage): Loaded {
  const ids = new Set(runs.map(({ id }) => id));
  return { runs: [...(before?.runs ?? []).filter(({ id }) => !ids.has(id)), ...runs], next, total };
}
