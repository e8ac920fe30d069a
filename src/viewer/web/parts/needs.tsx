/** The right column: what needs a person, who waits on whom, and where lane time and money go now. */
import { signal } from '@preact/signals';
import { clock } from '../timeline/axis.ts';
import { duration, money, percent, plural } from '../../../analysis/numbers.ts';
import type { Need } from '../../wire.ts';
import { taskDetails } from '../details.ts';
import { taskAt, type RunModel } from '../model.ts';
import { report } from '../report.ts';
import { selectTask } from '../selection.ts';
import { isLive, lit, model, nowOfRun, facts } from '../state.ts';
import { showLane } from '../timeline/lanes.tsx';
import { Chip, labelOf } from './category.tsx';
import { LinkButton } from './link-button.tsx';

type Element = preact.JSX.Element;

/** Ages run on by themselves, once a second. */
export const second = signal(0);
const MAX_TASKS = 5;

const LETTERS: Readonly<Record<Need['kind'], string>> = {
  human: 'h',
  silent: '!',
  failed: '×',
  lock: 'k',
  rate_limit: 'r',
  gpu: 'g',
  dependency: 'd',
  worker: 'w',
  barrier: 'b',
  finding: '!',
};

export function Needs(): Element {
  void [facts.value, second.value];
  const run = model.value;
  if (run === undefined) return <aside class="needs" aria-label="Needs you" />;
  const urgent = run.needs.filter(({ isUrgent }) => isUrgent);
  const others = run.needs.filter(({ isUrgent }) => !isUrgent);
  return (
    <aside class="needs" aria-label="Needs you">
      <h2>Needs you</h2>
      {urgent.length === 0 ? <p class="quiet">Nothing needs you.</p> : <ul>{urgent.map((need) => card(run, need))}</ul>}
      {others.length > 0 && <h2>Who waits on whom</h2>}
      {others.length > 0 && <ul>{others.map((need) => card(run, need))}</ul>}
      <Now run={run} />
      <Spending run={run} />
    </aside>
  );
}

function card(run: RunModel, need: Need): Element {
  const { id, kind, text, since, lanes, tasks, holder, isUrgent } = need;
  const light = (isOn: boolean) => (): void => {
    const holderLane = holder === undefined ? undefined : run.tasks.lane[holder];
    lit.value = new Set(isOn ? [...lanes, ...(holderLane === undefined ? [] : [holderLane])] : []);
  };
  const rows = [...tasks.slice(0, MAX_TASKS), ...(holder === undefined || tasks.includes(holder) ? [] : [holder])];
  const age = isLive.value ? duration(Math.max(0, nowOfRun() - since)) : `since ${clock(since)}`;
  return (
    <li
      key={id}
      class={`need ${isUrgent ? 'urgent' : ''}`}
      data-need={kind}
      onMouseEnter={light(true)}
      onMouseLeave={light(false)}
      onFocusIn={light(true)}
      onFocusOut={light(false)}
    >
      <p>
        <span class="mark" aria-hidden="true">
          {LETTERS[kind] ?? '?'}
        </span>{' '}
        {text} <span class="quiet">{age}</span>
      </p>
      <p class="who">
        {rows.map((row) => (
          <LinkButton
            key={row}
            onClick={() => {
              selectTask(row);
              showLane(run.tasks.lane[row] ?? 0);
            }}
          >
            {taskAt(run, row)?.label ?? `task ${row}`}
            {row === holder ? ' (holds it)' : ''}
          </LinkButton>
        ))}
        {tasks.length > MAX_TASKS && <span class="quiet">and {tasks.length - MAX_TASKS} more</span>}
      </p>
    </li>
  );
}

/** Lanes by category this second; of a run that has ended, lane time by category. */
function Now({ run }: { readonly run: RunModel }): Element | null {
  void facts.value;
  const now = run.run.state === 'live' ? run.totals.nowBy : undefined;
  const parts =
    now === undefined
      ? (run.totals.byCategory ?? []).map(({ category, ms }) => ({ category, value: ms, text: duration(ms) }))
      : now.map(({ category, lanes }) => ({ category, value: lanes, text: String(lanes) }));
  const sum = parts.reduce((all, { value }) => all + value, 0);
  if (sum === 0) return null;
  const past = new Map((run.totals.byCategory ?? []).map(({ category, ms }) => [category, ms]));
  const pastSum = [...past.values()].reduce((all, ms) => all + ms, 0);
  return (
    <>
      <h2>{now === undefined ? 'Where lane time went' : 'Where lane time goes now'}</h2>
      <table class="shares" data-section="lane-time">
        <tbody>
          {parts.map(({ category, value, text }) => (
            <tr
              key={category}
              title={pastSum > 0 ? `${labelOf(category)}: ${percent((past.get(category) ?? 0) / pastSum)} of the whole run` : undefined}
            >
              <th scope="row">
                <Chip category={category} /> {labelOf(category)}
              </th>
              <td class="number">{text}</td>
              <td class="number">{percent(value / sum)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** The dearest models and tasks. */
function Spending({ run }: { readonly run: RunModel }): Element | null {
  void facts.value;
  const models = (report.value?.report.usage.models ?? []).filter(({ cost }) => cost.amount !== undefined).slice(0, 3);
  const tasks = (taskDetails.value ?? [])
    .filter(({ cost }) => (cost ?? 0) > 0)
    .sort((a, b) => (b.cost ?? 0) - (a.cost ?? 0))
    .slice(0, 3);
  if (models.length === 0 && tasks.length === 0) return null;
  return (
    <>
      <h2>{run.run.state === 'live' ? 'Where money goes' : 'Where money went'}</h2>
      <table class="shares" data-section="money">
        <tbody>
          {models.map(({ model: name, cost, calls }) => (
            <tr key={`model ${name}`}>
              <th scope="row">{name}</th>
              <td class="number">{plural(calls, 'call')}</td>
              <td class="number">{money(cost.amount ?? 0, cost.currency)}</td>
            </tr>
          ))}
          {tasks.map(({ row, label, cost }) => (
            <tr key={`task ${row}`}>
              <th scope="row">
                <LinkButton
                  onClick={() => {
                    selectTask(row);
                  }}
                >
                  {label}
                </LinkButton>
              </th>
              <td class="number">task</td>
              <td class="number">{money(cost ?? 0, 'USD')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
