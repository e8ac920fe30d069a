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

/** Indexes by the last word of the path, behind a slash or a colon: a look or two settle nearly every request that is no LLM call. */
export class PathIndex<Row extends PathRow> {
  readonly #byWord = new Map<string, Entry<Row>[]>();
  /** Those that end with an id or the like, by the word before it. */
  readonly #byWordBefore = new Map<string, Entry<Row>[]>();
  readonly #methods = new Set<string>();
  /** What was found for the last paths: a program asks a handful, again and again. */
  readonly #known = new Map<string, { readonly method: string; readonly found: Found<Row> }>();
  #longestWord = 0;

  constructor(rows: readonly Row[]) {
    for (const row of rows.toSorted((one, other) => weight(other) - weight(one))) {
      const { method = 'POST', path } = row;
      this.#methods.add(method);
      const isBefore = path.endsWith('}');
      const word = (isBefore ? path.slice(0, path.lastIndexOf('/')) : path).split(/[/:]/).at(-1) ?? '';
      this.#longestWord = Math.max(this.#longestWord, word.length);
      const entries = isBefore ? this.#byWordBefore : this.#byWord;
      entries.set(word, [...(entries.get(word) ?? []), { row, pattern: undefined }]);
    }
  }

  /** The row with the longest path that fits; `path` may have a query. */
  find(method: string, path: string): Found<Row> | undefined {
    if (!this.#methods.has(method)) return undefined;
    const known = this.#known.get(path);
    if (known?.method === method) return known.found;
    const found = this.#look(method, path);
    if (found !== undefined && path.length <= MAX_KNOWN_CHARACTERS) {
      if (this.#known.size >= MAX_KNOWN) this.#known.clear();
      this.#known.set(path, { method, found });
    }
    return found;
  }

  #look(method: string, path: string): Found<Row> | undefined {
    const query = path.indexOf('?');
    let end = query === -1 ? path.length : query;
    if (path.charCodeAt(end - 1) === SLASH) end -= 1;
    const entries = this.#byWord.get(this.#wordAt(path, end));
    const found = entries === undefined ? undefined : firstOf(entries, method, path.slice(0, end));
    if (found !== undefined) return found;
    const entriesBefore = this.#byWordBefore.get(this.#wordAt(path, path.lastIndexOf('/', end - 1)));
    return entriesBefore === undefined ? undefined : firstOf(entriesBefore, method, path.slice(0, end));
  }

  /** The word that ends at `end`; `''` for one that is longer than all of ours. */
  #wordAt(path: string, end: number): string {
    let start = end;
    for (const first = end - this.#longestWord; start > 0 && start >= first; start -= 1) {
      const before = path.charCodeAt(start - 1);
      if (before === SLASH || before === COLON) return path.slice(start, end);
    }
    return '';
  }
}

function firstOf<Row extends PathRow>(entries: readonly Entry<Row>[], method: string, path: string): Found<Row> | undefined {
  for (const entry of entries) {
    const { row } = entry;
    if ((row.method ?? 'POST') !== method) continue;
    const match = (entry.pattern ??= compiled(row.path)).exec(path);
    if (match !== null) return { row, variables: match.groups ?? {} };
  }
  return undefined;
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
  '{id}': '(?<id>[\\w-]+)',
};

/** A pattern of a path's end. */
export function compiled(path: string): RegExp {
  const source = path
    .split(/(\{\w+\})/)
    .map((part) => VARIABLES[part] ?? (part.startsWith('{') ? '[^/]+' : part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')));
  return new RegExp(`${source.join('')}$`);
}

/** Paths remembered, and their length: some 16 KiB. */
const MAX_KNOWN = 64;
const MAX_KNOWN_CHARACTERS = 256;

const SLASH = 0x2f;
const COLON = 0x3a;
