/** The head of a run: its name, its state and clock, the filter, and what can be switched. */
import { duration } from '../../../analysis/numbers.ts';
import { openCopy } from '../copy.ts';
import { follow, toScreen } from '../keys.ts';
import { meantNow } from '../meant.ts';
import {
  changeView,
  connection,
  facts,
  go,
  isFollowing,
  isHelpOpen,
  isLive,
  isPaused,
  model,
  nowOfRun,
  route,
  source,
  view,
} from '../state.ts';
import { chosenTheme, nextTheme } from '../theme.ts';
import { loadDetails } from '../details.ts';
import { isFine } from '../timeline/fine.ts';
import { range } from '../timeline/range.ts';
import { second } from './needs.tsx';
import { LinkButton } from './link-button.tsx';

type Element = preact.JSX.Element;

export function Header(): Element {
  void [facts.value, second.value];
  const run = model.value;
  const at = route.value;
  const screen = at.page === 'run' ? at.screen : 'board';
  return (
    <header class="head">
      <div class="title">
        {source.value?.isFile !== true && <ToRuns />}
        <h1>{run?.run.name ?? 'swarmscope'}</h1>
        <State />
      </div>
      {run !== undefined && (
        <nav class="switches" aria-label="View">
          <Filter />
          {isLive.value && (
            <button type="button" aria-pressed={isFollowing.value} onClick={follow} title="f">
              Follow
            </button>
          )}
          {isLive.value && (
            <button
              type="button"
              aria-pressed={isPaused.value}
              onClick={() => {
                isPaused.value = !isPaused.peek();
              }}
              title="space"
            >
              Pause
            </button>
          )}
          {screen === 'board' && (
            <button
              type="button"
              aria-pressed={view.value.lanes === 'rows'}
              onClick={() => {
                changeView({ lanes: view.peek().lanes === 'rows' ? 'auto' : 'rows' });
              }}
              title="l"
            >
              Rows
            </button>
          )}
          <button
            type="button"
            aria-pressed={screen === 'table'}
            onClick={() => {
              toScreen('table');
            }}
            title="t"
          >
            Table
          </button>
          <button
            type="button"
            aria-pressed={screen === 'report'}
            onClick={() => {
              toScreen('report');
            }}
            title="r"
          >
            Report
          </button>
          <button type="button" onClick={openCopy} title="c">
            Copy
          </button>
          <Common />
        </nav>
      )}
    </header>
  );
}

/** The head of a page that is about more than one run. */
export function PageHead({
  title,
  isBelowRuns = true,
  children,
}: {
  readonly title: preact.ComponentChildren;
  readonly isBelowRuns?: boolean;
  readonly children?: preact.ComponentChildren;
}): Element {
  return (
    <header class="head">
      <div class="title">
        {isBelowRuns && <ToRuns />}
        {title}
      </div>
      <nav class="switches" aria-label="View">
        {children}
        <Common />
      </nav>
    </header>
  );
}

function ToRuns(): Element {
  return (
    <LinkButton
      onClick={() => {
        go({ page: 'runs' });
      }}
    >
      Runs
    </LinkButton>
  );
}

function Common(): Element {
  return (
    <>
      <button
        type="button"
        onClick={() => {
          isHelpOpen.value = true;
        }}
        aria-label="Help: all keys"
        title="?"
      >
        ?
      </button>
      <button type="button" onClick={nextTheme}>
        Theme: {chosenTheme.value}
      </button>
    </>
  );
}

function Filter(): Element {
  const { filter, isOnly } = view.value;
  const meant = meantNow.value;
  return (
    <span class="filter">
      <label class="unseen" for="filter">
        Filter tasks
      </label>
      <input
        id="filter"
        type="search"
        placeholder="/ filter: words, state:lock, >30s, cost>0.10"
        value={filter}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => {
          changeView({ filter: event.currentTarget.value });
          if (/cost>/.test(event.currentTarget.value)) void loadDetails();
        }}
      />
      {meant !== undefined && (
        <button
          type="button"
          aria-pressed={isOnly}
          onClick={() => {
            changeView({ isOnly: !isOnly });
          }}
        >
          Only these{meant.isOfTasks ? ` (${meant.count})` : ''}
        </button>
      )}
    </span>
  );
}

/** `live`, `ended`, `killed`: in words, with how long the run is. */
function State(): Element | null {
  void [facts.value, second.value];
  const run = model.value;
  if (run === undefined) return <span class="state">{connection.value === 'lost' ? 'no answer' : 'loading'}</span>;
  const { state, exitCode, signal } = run.run;
  const length = duration(nowOfRun());
  const words =
    state === 'live'
      ? { live: 'live', polling: 'live, once a second', lost: 'connection lost', connecting: 'connecting', stored: 'live' }[
          connection.value
        ]
      : state === 'cut'
        ? 'killed: it ended without a word'
        : signal === undefined
          ? exitCode === undefined
            ? 'ended'
            : `ended, exit code ${exitCode}`
          : `ended by ${signal}`;
  return (
    <span class={`state ${state} ${connection.value}`} data-state={state}>
      <span class="dot" aria-hidden="true" /> {words} <b data-what="length">{length}</b>
    </span>
  );
}

/** What is wrong, in a sentence; and the way back to now. */
export function Banner(): Element | null {
  void [facts.value, second.value];
  const run = model.value;
  const messages: Element[] = [];
  if (run !== undefined && connection.value === 'lost' && run.run.state === 'live') {
    messages.push(
      <p key="lost" role="status">
        Connection lost, trying again. What came so far stays readable. If the program has ended, <code>swarmscope ui</code> opens this run
        again.
      </p>,
    );
  }
  if (run !== undefined && run.version !== __SWARMSCOPE_VERSION__) {
    messages.push(
      <p key="version" role="status">
        This page is from {__SWARMSCOPE_VERSION__}, the server is {run.version}: reload the page.
      </p>,
    );
  }
  if (run !== undefined && isLive.value && !isFollowing.value) {
    messages.push(
      <p key="behind" role="status">
        {isPaused.value ? 'Paused' : 'Not following'}, {duration(Math.max(0, nowOfRun() - range.value.to))} behind.{' '}
        <button type="button" onClick={follow}>
          Back to now (f)
        </button>
      </p>,
    );
  }
  for (const note of run?.notes ?? []) messages.push(<p key={note}>{note}</p>);
  if (run?.mergedMs !== undefined && isFine()) messages.push(<p key="fine">What is in view is drawn from all of them.</p>);
  return messages.length === 0 ? null : <div class="banner">{messages}</div>;
}
