/** Where the page gets its data from: the server that sent it, or the file that it is in. */
import type {
  DiffAnswer,
  FileData,
  Frames,
  Pulse,
  ReportAnswer,
  ReviewAnswer,
  RunsPage,
  Snapshot,
  SpanDetail,
  SpansPage,
  TasksPage,
  Tiles,
  WireError,
} from '../wire.ts';

export interface Source {
  /** A file holds one run and no details beyond it. */
  readonly isFile: boolean;
  runs(cursor?: string): Promise<RunsPage>;
  snapshot(run: string): Promise<Snapshot>;
  report(run: string): Promise<ReportAnswer>;
  tasks(run: string, cursor?: string): Promise<TasksPage>;
  spans(run: string, of: { readonly task: number } | { readonly parent: string }, cursor?: string): Promise<SpansPage>;
  span(run: string, trace: string, id: string): Promise<SpanDetail>;
  tiles(run: string, of: { from: number; to: number; px: number; first: number; last: number }): Promise<Tiles>;
  diff(a: string, b: string): Promise<DiffAnswer>;
  review(ids: readonly string[]): Promise<ReviewAnswer>;
  frames(run: string, from: number): Promise<Frames>;
  pulse(run: string): Promise<Pulse>;
  stream(run: string, from: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** `lost`: no answer came at all. The others are the server's own words. */
export class SourceError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 0) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export function serverSource(token: string | undefined): Source {
  const ask = async (path: string, signal?: AbortSignal): Promise<Response> => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`/api/${path}`, { headers, cache: 'no-store', ...(signal === undefined ? {} : { signal }) }).catch(
      (cause: unknown) => {
        throw new SourceError('lost', cause instanceof Error ? cause.message : String(cause));
      },
    );
    if (response.ok) return response;
    const said = (await response.json().catch(() => undefined)) as Partial<WireError> | undefined;
    throw new SourceError(said?.error ?? `status_${response.status}`, said?.message ?? response.statusText, response.status);
  };
  const get = async <T>(path: string): Promise<T> => {
    const response = await ask(path);
    return (await response.json().catch((cause: unknown) => {
      throw new SourceError('lost', cause instanceof Error ? cause.message : String(cause));
    })) as T;
  };
  const of = (run: string): string => `runs/${encodeURIComponent(run)}`;
  const query = (values: Readonly<Record<string, string | number | undefined>>): string => {
    const set = Object.entries(values).filter(([, value]) => value !== undefined);
    return set.length === 0 ? '' : `?${set.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')}`;
  };
  return {
    isFile: false,
    runs: (cursor) => get(`runs${query({ cursor })}`),
    snapshot: (run) => get(`${of(run)}/snapshot`),
    report: (run) => get(`${of(run)}/report`),
    tasks: (run, cursor) => get(`${of(run)}/tasks${query({ cursor })}`),
    spans: (run, which, cursor) => get(`${of(run)}/spans${query({ ...which, cursor })}`),
    span: (run, trace, id) => get(`${of(run)}/spans/${encodeURIComponent(trace)}/${encodeURIComponent(id)}`),
    tiles: (run, { first, last, ...rest }) => get(`${of(run)}/tiles${query({ ...rest, lanes: `${first}-${last}` })}`),
    diff: (a, b) => get(`diff${query({ a, b })}`),
    review: (ids) => get(`review${query({ runs: ids.join(',') })}`),
    frames: (run, from) => get(`${of(run)}/frames${query({ from })}`),
    pulse: (run) => get(`${of(run)}/pulse`),
    stream: async (run, from, signal) => {
      const { body } = await ask(`${of(run)}/stream${query({ from })}`, signal);
      if (body === null) throw new SourceError('lost', 'the stream has no body');
      return body;
    },
  };
}

const notInFile = (what: string): Promise<never> => Promise.reject(new SourceError('not_in_file', `${what} is not in this file.`));

/** `text` is what the element of the file holds: base64 of gzip of `FileData`. */
export async function fileSource(text: string): Promise<{ source: Source; id: string }> {
  const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  const plain = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));
  const data = (await plain.json()) as FileData;
  const { snapshot, report, tasks, spans } = data;
  const source: Source = {
    isFile: true,
    runs: () => Promise.resolve({ v: data.v, version: snapshot.version, runs: [{ ...snapshot.run, bytes: 0, changedMs: 0 }], total: 1 }),
    snapshot: () => Promise.resolve(snapshot),
    report: () => Promise.resolve({ v: data.v, report, text: data.text, isPreliminary: false }),
    tasks: () => Promise.resolve({ v: data.v, tasks, total: tasks.length }),
    spans: (_run, of) => {
      const found =
        'task' in of
          ? below(spans, rootOf(snapshot, of.task))
          : spans.filter((one) => keyOf(one.parentTrace ?? one.trace, one.parent) === of.parent);
      return Promise.resolve({ v: data.v, spans: found, total: found.length });
    },
    span: (_run, trace, id) => {
      const item = spans.find((one) => one.trace === trace && one.id === id);
      if (item === undefined) return notInFile('This span');
      return Promise.resolve({
        ...item,
        v: data.v,
        kind: 0,
        scope: '',
        service: '',
        links: [],
        ancestors: [],
        children: 0,
        attributes: [],
      });
    },
    tiles: () => notInFile('A picture of this part'),
    diff: () => notInFile('Another run'),
    review: () => notInFile('A review'),
    frames: () => notInFile('What came later'),
    pulse: () => notInFile('What came later'),
    stream: () => notInFile('What came later'),
  };
  return { source, id: snapshot.run.id };
}

const keyOf = (trace: string, id: string | undefined): string => `${trace}/${id ?? ''}`;

function rootOf({ tasks }: Snapshot, row: number): string {
  return keyOf(tasks.trace[row] ?? '', tasks.id[row]);
}

/** The span of this key and all that are below it, in the order they have in the file. */
function below(spans: FileData['spans'], root: string): FileData['spans'] {
  const children = new Map<string, FileData['spans'][number][]>();
  for (const one of spans) {
    const parent = keyOf(one.parentTrace ?? one.trace, one.parent);
    const known = children.get(parent);
    if (known === undefined) children.set(parent, [one]);
    else known.push(one);
  }
  const found = new Set(spans.filter((one) => keyOf(one.trace, one.id) === root));
  for (const one of found) for (const child of children.get(keyOf(one.trace, one.id)) ?? []) found.add(child);
  return spans.filter((one) => found.has(one));
}
