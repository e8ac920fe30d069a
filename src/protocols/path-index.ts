/** Finds which of some paths, as `Operation.path` writes them, the path of a request ends in. Every request of the app passes here. */

export interface PathRow {
  /** As `Operation.path`. */
  readonly path: string;
  /** Default: `POST`. */
  readonly method?: string | undefined;
}

interface Entry<Row> {
  readonly row: Row;
  /** Compiled when a path ends with its word for the first time. */
  pattern: RegExp | undefined;
}

export interface Found<Row> {
  readonly row: Row;
  /** By the names of the variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Indexes by the last word of the path, behind a slash or a colon: one look settles nearly every request that is no LLM call. */
export class PathIndex<Row extends PathRow> {
  readonly #entries = new Map<string, Entry<Row>[]>();
  #longestWord = 0;

  constructor(rows: readonly Row[]) {
    for (const row of rows.toSorted((one, other) => weight(other) - weight(one))) {
      const { method, path } = row;
      const word = (method === 'GET' ? path.slice(0, path.lastIndexOf('/')) : path).split(/[/:]/).at(-1) ?? '';
      this.#longestWord = Math.max(this.#longestWord, word.length);
      this.#entries.set(word, [...(this.#entries.get(word) ?? []), { row, pattern: undefined }]);
    }
  }

  /** The row with the longest path that fits; `path` may have a query. */
  find(method: string, path: string): Found<Row> | undefined {
    const isGet = method === 'GET';
    if (!isGet && method !== 'POST' && method !== 'WEBSOCKET') return undefined;
    const query = path.indexOf('?');
    let end = query === -1 ? path.length : query;
    if (path.charCodeAt(end - 1) === SLASH) end -= 1;
    // What is fetched has its id at the end.
    const wordEnd = isGet ? path.lastIndexOf('/', end - 1) : end;
    let start = wordEnd;
    for (const first = wordEnd - this.#longestWord; start > 0 && start >= first; start -= 1) {
      const before = path.charCodeAt(start - 1);
      if (before === SLASH || before === COLON) break;
    }
    if (start < 1 || start >= wordEnd || wordEnd - start > this.#longestWord) return undefined;
    const candidates = this.#entries.get(path.slice(start, wordEnd));
    if (candidates === undefined) return undefined;
    const asked = path.slice(0, end);
    for (const entry of candidates) {
      const { row } = entry;
      if ((row.method ?? 'POST') !== method) continue;
      const match = (entry.pattern ??= compiled(row.path)).exec(asked);
      if (match !== null) return { row, variables: match.groups ?? {} };
    }
    return undefined;
  }
}

/** The characters of a path that are no variables. */
function weight({ path }: PathRow): number {
  return path.replaceAll(/\{\w+\}/g, '').length;
}

/** What is told of a call by its path. */
const VARIABLES: Readonly<Record<string, string | undefined>> = {
  '{model}': '(?<model>[^/]+)',
  '{embedding_model}': '(?<model>[^/]*embed[^/]*)',
  '{image_model}': '(?<model>[^/]*imagen[^/]*)',
  '{video_model}': '(?<model>[^/]*veo[^/]*)',
  '{response}': '(?<response>resp_[\\w-]+)',
  '{conversation}': '(?<conversation>[\\w-]+)',
  '{id}': '(?<id>[\\w-]+)',
};

/** A pattern of a path's end. */
export function compiled(path: string): RegExp {
  const source = path
    .split(/(\{\w+\})/)
    .map((part) => VARIABLES[part] ?? (part.startsWith('{') ? '[^/]+' : part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')));
  return new RegExp(`${source.join('')}$`);
}

const SLASH = 0x2f;
const COLON = 0x3a;
