/** What the page knows and shows, as signals. Messages change plain data; `version` tells the pictures to draw anew. */
import { batch, computed, signal } from '@preact/signals';
import type { RunModel } from './model.ts';
import type { Source } from './source.ts';
import { formatRoute, parseRoute, PLAIN_VIEW, type Route, type ViewState } from './url.ts';

export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** `polling`: no slot for a stream was free. `lost`: the server does not answer, and is tried again. */
export type Connection = 'stored' | 'connecting' | 'live' | 'polling' | 'lost';

export const source = signal<Source | undefined>(undefined);
export const route = signal<Route>({ page: 'runs' });
export const model = signal<RunModel | undefined>(undefined);
/** Grows with each frame: the pictures draw anew. */
export const version = signal(0);
/** Grows when totals, tasks, needs or the run itself have changed: texts are written anew. */
export const facts = signal(0);
export const connection = signal<Connection>('connecting');
export const failure = signal<Failure | undefined>(undefined);
/** Local clock (`performance.now`) at which the model's `now` was told. */
export const toldAt = signal(0);
export const isPaused = signal(false);
export const isHelpOpen = signal(false);
/** What a screen reader is told. */
export const announcement = signal('');
/** Lanes that are lit because the pointer is on what concerns them. */
export const lit = signal<ReadonlySet<number>>(new Set());

export const view = computed<ViewState>(() => (route.value.page === 'run' ? route.value.view : PLAIN_VIEW));
export const runId = computed(() => (route.value.page === 'run' ? route.value.id : undefined));
export const isLive = computed(() => (facts.value, model.value?.run.state === 'live'));
/** Following: the whole run is in view and its right edge is now. */
export const isFollowing = computed(() => view.value.range === undefined && !isPaused.value);

/** Milliseconds of the run at this moment: a living run goes on between two messages. */
export function nowOfRun(): number {
  const run = model.peek();
  if (run === undefined) return 0;
  const told = run.now - run.startMs;
  if (run.run.state !== 'live' || connection.peek() === 'lost') return lengthOf(run);
  return told + Math.max(0, performance.now() - toldAt.peek());
}

/** Milliseconds from the run's start to its end, or to what was told last. */
export function lengthOf(run: RunModel): number {
  return Math.max(1, (run.run.endMs ?? run.now) - run.startMs);
}

/** Writing the address takes a browser milliseconds: of a movement only where it has come to is written, so long after it began. */
const ADDRESS_MS = 150;
let later: ReturnType<typeof setTimeout> | undefined;

/** `push` makes an entry in the browser's history: for screens and selections. `step`: one of the many of a zoom or a drag. */
export type How = 'push' | 'replace' | 'step';

/** Shows a place. */
export function go(next: Route, how: How = 'push'): void {
  route.value = next;
  if (how === 'step') later ??= setTimeout(writeAddress, ADDRESS_MS);
  else writeAddress(how);
}

function writeAddress(how: How = 'replace'): void {
  clearTimeout(later);
  later = undefined;
  const hash = formatRoute(route.peek());
  if (how === 'push' && hash !== location.hash) history.pushState(null, '', hash);
  else history.replaceState(null, '', hash);
}

export function changeView(change: Partial<ViewState>, how: How = 'replace'): void {
  const at = route.peek();
  if (at.page !== 'run') return;
  go({ ...at, view: { ...at.view, ...change } }, how);
}

/** Reads the address again, after the browser's Back or a link. */
export function readAddress(): void {
  clearTimeout(later);
  later = undefined;
  batch(() => {
    route.value = parseRoute(location.hash);
    failure.value = undefined;
  });
}
