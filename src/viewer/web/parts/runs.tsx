/** The list of runs, stored and living: searched, and two of them compared. */
import { useEffect, useState } from 'preact/hooks';
import { count, duration, money } from '../../../analysis/numbers.ts';
import type { RunItem } from '../../wire.ts';
import { SourceError } from '../source.ts';
import { failure, go, source } from '../state.ts';
import { formatRoute, PLAIN_VIEW } from '../url.ts';
import { Common } from './header.tsx';
import { FailurePage } from './failure.tsx';
import { VirtualTable, type Column } from './virtual.tsx';

type Element = preact.JSX.Element;

/** Living runs change, and new ones come. */
const REFRESH_MS = 5_000;
const VERDICTS = { yes: 'Yes', look: 'Look', no: 'No' } as const;

interface Loaded {
  readonly runs: readonly RunItem[];
  readonly next: string | undefined;
  readonly total: number;
}

export function Runs(): Element {
  const [loaded, setLoaded] = useState<Loaded | undefined>(undefined);
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const load = (before?: Loaded): void => {
    source
      .peek()
      ?.runs(before?.next)
      .then(
        (page) => {
          failure.value = undefined;
          if (page.opens !== undefined && !hasRoute()) go({ page: 'run', id: page.opens, screen: 'board', view: PLAIN_VIEW }, 'replace');
          setLoaded({ runs: [...(before?.runs ?? []), ...page.runs], next: page.next, total: page.total });
        },
        (error: unknown) => {
          if (error instanceof SourceError) failure.value = { code: error.code, message: error.message };
        },
      );
  };
  useEffect(() => {
    load();
    const timer = setInterval(() => {
      if (!document.hidden) load();
    }, REFRESH_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  if (failure.value !== undefined && loaded === undefined) return <FailurePage />;
  const shown = (loaded?.runs ?? []).filter((run) => isFound(run, search));
  const [a, b] = chosen;
  return (
    <>
      <header class="head">
        <div class="title">
          <h1>Runs</h1>
          {loaded !== undefined && <span class="state">{count(loaded.total)} stored</span>}
        </div>
        <nav class="switches" aria-label="View">
          <label class="unseen" for="filter">
            Search runs
          </label>
          <input
            id="filter"
            type="search"
            placeholder="name, command, outcome, repository"
            value={search}
            onInput={(event) => {
              setSearch(event.currentTarget.value);
            }}
          />
          <button
            type="button"
            disabled={chosen.length !== 2}
            onClick={() => {
              if (a !== undefined && b !== undefined) go({ page: 'diff', a, b });
            }}
          >
            Compare{chosen.length === 2 ? '' : ' (choose two)'}
          </button>
          <Common />
        </nav>
      </header>
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
            columns={columnsFor(chosen, setChosen)}
            rowHeight={32}
            caption={`${count(shown.length)} runs`}
            keyOf={({ id }) => id}
          />
        )}
        {loaded?.next !== undefined && (
          <button
            type="button"
            onClick={() => {
              load(loaded);
            }}
          >
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

function isFound({ id, name, command, state, summary, exitCode, signal }: RunItem, search: string): boolean {
  const text = [id, name, command, state, signal ?? '', exitCode === undefined ? '' : `exit ${exitCode}`, ...(summary?.repositories ?? [])]
    .join(' ')
    .toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function outcome({ state, exitCode, signal, problem }: RunItem): string {
  if (state === 'live') return 'running';
  if (state === 'cut') return 'killed';
  if (state === 'unreadable') return problem?.message ?? 'cannot be read';
  if (signal !== undefined) return signal;
  return exitCode === undefined ? 'ended' : `exit code ${exitCode}`;
}

function columnsFor(chosen: readonly string[], setChosen: (ids: readonly string[]) => void): readonly Column<RunItem>[] {
  return [
    {
      key: 'choose',
      title: 'Compare',
      cell: ({ id, name, state }) => (
        <input
          type="checkbox"
          aria-label={`Compare ${name}`}
          disabled={state === 'unreadable'}
          checked={chosen.includes(id)}
          onChange={() => {
            setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2));
          }}
        />
      ),
    },
    {
      key: 'name',
      title: 'Name',
      cell: (run) =>
        run.state === 'unreadable' ? (
          run.name
        ) : (
          <a href={run.address ?? formatRoute({ page: 'run', id: run.id, screen: 'board', view: PLAIN_VIEW })} rel="noreferrer">
            {run.name === '' ? run.id : run.name}
          </a>
        ),
    },
    {
      key: 'ok',
      title: 'OK?',
      cell: ({ summary }) => (summary === undefined ? '–' : <span title={summary.verdict.reason}>{VERDICTS[summary.verdict.word]}</span>),
    },
    { key: 'outcome', title: 'Outcome', cell: outcome },
    { key: 'when', title: 'When', cell: ({ startMs, changedMs }) => new Date(startMs ?? changedMs).toLocaleString() },
    { key: 'length', title: 'Length', isNumber: true, cell: (run) => lengthOf(run) },
    {
      key: 'tasks',
      title: 'Tasks',
      isNumber: true,
      cell: ({ summary }) =>
        summary === undefined ? '–' : `${count(summary.tasks)}${summary.failed > 0 ? `, ${count(summary.failed)} failed` : ''}`,
    },
    { key: 'cost', title: 'Cost', isNumber: true, cell: ({ summary }) => (summary?.cost === undefined ? '–' : money(summary.cost, 'USD')) },
    { key: 'repository', title: 'Repository', cell: ({ summary }) => summary?.repositories.join(', ') ?? '' },
  ];
}

function lengthOf({ summary, startMs, endMs }: RunItem): string {
  if (summary !== undefined) return duration(summary.wallMs);
  return startMs === undefined || endMs === undefined ? '–' : duration(endMs - startMs);
}
