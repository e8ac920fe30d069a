/** The keyboard: one table of keys, what each does, and how it is told on the help page. */
import { effect } from '@preact/signals';
import { openCopy } from './copy.ts';
import { chosen, zoomToChosen } from './parts/ruler.tsx';
import { cursor, openTask, selectTask, selectedLane, selectedTaskRow, stepLane, stepTime } from './selection.ts';
import { changeView, go, isHelpOpen, isPaused, model, route, view } from './state.ts';
import { shownLanes, pan, showLane, zoom } from './timeline/lanes.tsx';
import { singleKeys } from './settings.ts';

interface Key {
  readonly keys: readonly string[];
  readonly about: string;
  readonly act: () => void;
}

export const KEYS: readonly Key[] = [
  {
    keys: ['w'],
    about: 'zoom in',
    act: () => {
      zoom(0.7);
    },
  },
  {
    keys: ['s'],
    about: 'zoom out',
    act: () => {
      zoom(1 / 0.7);
    },
  },
  {
    keys: ['a'],
    about: 'move back',
    act: () => {
      pan(-0.2);
    },
  },
  {
    keys: ['d'],
    about: 'move on',
    act: () => {
      pan(0.2);
    },
  },
  {
    keys: ['0'],
    about: 'the whole run',
    act: () => {
      changeView({ range: undefined });
    },
  },
  { keys: ['f'], about: 'back to now: follow', act: follow },
  {
    keys: [' '],
    about: 'pause, go on',
    act: () => {
      isPaused.value = !isPaused.peek();
    },
  },
  {
    keys: ['ArrowRight'],
    about: 'next activity',
    act: () => {
      stepTime(1);
    },
  },
  {
    keys: ['ArrowLeft'],
    about: 'previous activity',
    act: () => {
      stepTime(-1);
    },
  },
  {
    keys: ['ArrowDown'],
    about: 'next lane',
    act: () => {
      walk(1);
    },
  },
  {
    keys: ['ArrowUp'],
    about: 'previous lane',
    act: () => {
      walk(-1);
    },
  },
  { keys: ['Enter'], about: 'open; on what is open: zoom to it', act: open },
  { keys: ['Escape'], about: 'back: from the span to the task, from the task to the board', act: back },
  {
    keys: ['n'],
    about: 'next that needs you',
    act: () => {
      nextNeed(1);
    },
  },
  {
    keys: ['N'],
    about: 'previous that needs you',
    act: () => {
      nextNeed(-1);
    },
  },
  { keys: ['p'], about: 'pin the lane to the top, or let it go', act: pin },
  {
    keys: ['/'],
    about: 'filter',
    act: () => {
      document.querySelector<HTMLInputElement>('#filter')?.focus();
    },
  },
  {
    keys: ['t'],
    about: 'the same as a table, and back',
    act: () => {
      toScreen('table');
    },
  },
  {
    keys: ['r'],
    about: 'the report, and back',
    act: () => {
      toScreen('report');
    },
  },
  {
    keys: ['l'],
    about: 'all lanes, or rows that can be read',
    act: () => {
      changeView({ lanes: view.peek().lanes === 'rows' ? 'auto' : 'rows' });
    },
  },
  { keys: ['c'], about: 'copy as', act: openCopy },
  {
    keys: ['u'],
    about: 'the list of runs',
    act: () => {
      go({ page: 'runs' });
    },
  },
  {
    keys: ['?'],
    about: 'this help',
    act: () => {
      isHelpOpen.value = !isHelpOpen.peek();
    },
  },
];

const byKey = new Map(KEYS.flatMap((key) => key.keys.map((name) => [name, key] as const)));
/** Those that work anywhere on the page with the single letters switched off. */
const ALWAYS: ReadonlySet<string> = new Set(['Escape', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Enter']);

export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const at = event.target instanceof HTMLElement ? event.target : undefined;
    const isOnLanes = at?.classList.contains('lanes') === true;
    const isTyping = at !== undefined && (/^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) || at.isContentEditable);
    if (isTyping) {
      if (event.key === 'Escape') at.blur();
      return;
    }
    if (event.key === 'Escape' && at?.closest('dialog') !== null && at?.closest('dialog') !== undefined) return;
    // Arrows, space and Enter belong to the control that has the focus, unless that is the picture.
    if (
      !isOnLanes &&
      at !== undefined &&
      at !== document.body &&
      (event.key === ' ' || event.key === 'Enter' || event.key.startsWith('Arrow'))
    )
      return;
    if (!singleKeys.peek() && !ALWAYS.has(event.key)) return;
    const page = route.peek().page;
    if (page !== 'run' && event.key !== '?') return;
    const key = byKey.get(event.key);
    if (key === undefined) return;
    event.preventDefault();
    key.act();
  });
  // What is selected by a link is where the keyboard begins.
  effect(() => {
    const lane = selectedLane.value;
    if (lane !== undefined && cursor.peek() === undefined) {
      const start = model.peek()?.tasks.start[selectedTaskRow.peek() ?? -1] ?? 0;
      cursor.value = { lane, ms: start + 1 };
    }
  });
}

export function follow(): void {
  isPaused.value = false;
  changeView({ range: undefined });
}

function walk(direction: 1 | -1): void {
  const lane = stepLane(direction, shownLanes.peek());
  if (lane !== undefined) showLane(lane);
}

function open(): void {
  if (zoomToChosen()) return;
  openTask();
}

function back(): void {
  if (isHelpOpen.peek()) isHelpOpen.value = false;
  else if (chosen.peek() !== undefined) chosen.value = undefined;
  else if (view.peek().span !== undefined) changeView({ span: undefined }, 'push');
  else if (view.peek().selected !== undefined) changeView({ selected: undefined }, 'push');
  else if (view.peek().filter !== '') changeView({ filter: '' }, 'push');
  document.querySelector<HTMLElement>('canvas.lanes')?.focus();
}

let needAt = -1;

function nextNeed(direction: 1 | -1): void {
  const needs = (model.peek()?.needs ?? []).filter(({ isUrgent }) => isUrgent);
  const rows = needs.flatMap(({ tasks }) => tasks);
  if (rows.length === 0) return;
  const from = rows.indexOf(selectedTaskRow.peek() ?? -1);
  needAt = ((from < 0 ? needAt : from) + direction + rows.length) % rows.length;
  const row = rows[needAt] ?? 0;
  selectTask(row);
  showLane(model.peek()?.tasks.lane[row] ?? 0);
}

function pin(): void {
  const lane = selectedLane.peek() ?? cursor.peek()?.lane;
  if (lane === undefined) return;
  const { pinned } = view.peek();
  changeView({ pinned: pinned.includes(lane) ? pinned.filter((each) => each !== lane) : [...pinned, lane] });
}

export function toScreen(screen: 'table' | 'report'): void {
  const at = route.peek();
  if (at.page === 'run') go({ ...at, screen: at.screen === screen ? 'board' : screen });
}
