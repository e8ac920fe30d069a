/** What is shown in place of a run: what went wrong and what to do, or that nothing came yet. */
import { duration } from '../../../analysis/numbers.ts';
import { connection, facts, failure, go, model, nowOfRun, source } from '../state.ts';
import { second } from './needs.tsx';

type Element = preact.JSX.Element;

/** How long nothing may come until the page says what may be wrong. */
const HINT_MS = 10_000;

const ADVICE: Readonly<Record<string, string>> = {
  no_access: 'No access: open the address that swarmscope printed.',
  run_not_found: 'This run is not stored here.',
  deleted: 'This run was deleted meanwhile.',
};

export function FailurePage(): Element {
  const found = failure.value;
  const isLost = found === undefined;
  return (
    <main class="failure" aria-live="assertive">
      <h1>{isLost ? 'The server does not answer' : (ADVICE[found.code] ?? 'This cannot be shown')}</h1>
      <p>{isLost ? 'It is tried again. If the program has ended, "swarmscope ui" opens its run.' : found.message}</p>
      {found !== undefined && <p class="quiet">{found.code}</p>}
      {source.value?.isFile === false && found?.code !== 'no_access' && (
        <button
          type="button"
          onClick={() => {
            go({ page: 'runs' });
          }}
        >
          All runs
        </button>
      )}
    </main>
  );
}

/** A run of which no span has come. */
export function NothingYet(): Element | null {
  void [facts.value, second.value];
  const run = model.value;
  if (run === undefined)
    return connection.value === 'lost' ? (
      <p class="loading">The server does not answer; it is tried again.</p>
    ) : (
      <p class="quiet loading">Reading the run …</p>
    );
  if (run.totals.spans > 0 || run.rows.some((lane) => lane.start.length > 0)) return null;
  const isLive = run.run.state === 'live';
  const age = nowOfRun();
  return (
    <div class="nothing">
      <p>
        <code>{run.run.command}</code>
      </p>
      <p>{isLive ? `Waiting for the first span; started ${duration(age)} ago.` : 'This run has no spans.'}</p>
      {(age > HINT_MS || !isLive) && (
        <p class="quiet">
          Nothing of this program was seen. <code>swarmscope doctor</code> tells why: the preload may not reach it, or it is bundled.
        </p>
      )}
    </div>
  );
}
