/** What is in the address: everything in the fragment, so that nothing of it reaches a server or a log. */

export type Screen = 'board' | 'table' | 'report';

export type Route =
  | { readonly page: 'runs' }
  | { readonly page: 'run'; readonly id: string; readonly screen: Screen; readonly view: ViewState }
  | { readonly page: 'diff'; readonly a: string; readonly b: string }
  | { readonly page: 'review'; readonly ids: readonly string[] };

export interface ViewState {
  /** Milliseconds of the run; absent: all of it, following. */
  readonly range?: { readonly from: number; readonly to: number } | undefined;
  readonly lanes: 'auto' | 'rows' | 'all';
  /** `task:ID`, or `lane:N` (from 1) for an empty one. */
  readonly selected?: string | undefined;
  /** `TRACE/ID` of the span whose attributes are shown. */
  readonly span?: string | undefined;
  /** Lanes, from 0. */
  readonly pinned: readonly number[];
  readonly filter: string;
  /** Only what the filter names is drawn; else the rest is pale. */
  readonly isOnly: boolean;
}

export const PLAIN_VIEW: ViewState = { lanes: 'auto', pinned: [], filter: '', isOnly: false };

/** The address that the server prints ends in `#t=TOKEN`; a route may follow: `#t=TOKEN/run/ID`. */
export function takeToken(hash: string): { token: string | undefined; rest: string } {
  const found = /^#t=([\w-]{16,})(?:&?(\/.*))?$/.exec(hash);
  return found === null ? { token: undefined, rest: hash } : { token: found[1], rest: found[2] === undefined ? '' : `#${found[2]}` };
}

/** Anything that is no route is the list of runs. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const [kind, first, second] = parts;
  if (kind === 'run' && first !== undefined) return { page: 'run', id: first, screen: screenOf(second), view: parseView(query) };
  if (kind === 'diff' && first !== undefined && second !== undefined) return { page: 'diff', a: first, b: second };
  if (kind === 'review' && first !== undefined) return { page: 'review', ids: first.split(',') };
  return { page: 'runs' };
}

export function formatRoute(route: Route): string {
  if (route.page === 'runs') return '#/runs';
  if (route.page === 'review') return `#/review/${route.ids.map(encodeURIComponent).join(',')}`;
  if (route.page === 'diff') return `#/diff/${encodeURIComponent(route.a)}/${encodeURIComponent(route.b)}`;
  const query = formatView(route.view);
  const screen = route.screen === 'board' ? '' : `/${route.screen}`;
  return `#/run/${encodeURIComponent(route.id)}${screen}${query === '' ? '' : `?${query}`}`;
}

function parseView(query: string): ViewState {
  const values = new URLSearchParams(query);
  const range = /^(\d{1,12})-(\d{1,12})$/.exec(values.get('t') ?? '');
  const [from, to] = [Number(range?.[1]), Number(range?.[2])];
  const lanes = values.get('lanes');
  return {
    ...(range !== null && from < to ? { range: { from, to } } : {}),
    lanes: lanes === 'rows' || lanes === 'all' ? lanes : 'auto',
    ...(values.has('sel') ? { selected: values.get('sel') ?? '' } : {}),
    ...(values.has('span') ? { span: values.get('span') ?? '' } : {}),
    pinned: (values.get('pin') ?? '')
      .split(',')
      .filter((part) => /^\d{1,6}$/.test(part))
      .map((part) => Number(part) - 1),
    filter: values.get('q') ?? '',
    isOnly: values.get('only') === '1',
  };
}

function formatView({ range, lanes, selected, span, pinned, filter, isOnly }: ViewState): string {
  const parts: [string, string][] = [];
  if (range !== undefined) parts.push(['t', `${Math.round(range.from)}-${Math.round(range.to)}`]);
  if (lanes !== 'auto') parts.push(['lanes', lanes]);
  if (selected !== undefined) parts.push(['sel', selected]);
  if (span !== undefined) parts.push(['span', span]);
  if (pinned.length > 0) parts.push(['pin', pinned.map((lane) => lane + 1).join(',')]);
  if (filter !== '') parts.push(['q', filter]);
  if (isOnly) parts.push(['only', '1']);
  return parts
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')}`)
    .join('&');
}

function screenOf(text: string | undefined): Screen {
  return text === 'table' || text === 'report' ? text : 'board';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // URIError: a percent sign that a person typed.
    return text;
  }
}
