/** Finds the parts of a request in JSON by its bytes. Depth and values are counted, and nothing of it is built. */
import { OtlpError } from './error.ts';
import { itemCounter, type Levels, type Range, type ResourceOutline, type ScopeOutline } from './outline.ts';
import { MAX_ITEM_NODES } from './tree.ts';

/** Brackets within each other: 40 messages (`MAX_DEPTH`) with their lists have 100. */
const MAX_BRACKETS = 128;
/** Names and values of one request: 20 MiB of attributes with short names have three million. */
const MAX_VALUES = 4_000_000;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const NULL = 0x6e;

/** @throws OtlpError `malformed`, `too_deep`, `too_many` */
export function outlineOfJson(bytes: Buffer, levels: Levels): ResourceOutline[] {
  const scan = new Scanner(bytes);
  const count = itemCounter();
  const groups: ResourceOutline[] = [];
  const readGroups = (): void => {
    // Of a name that is there twice, the last one counts, as everywhere in JSON.
    groups.length = 0;
    scan.list(levels.groups.name, () => {
      count();
      groups.push(groupOf(scan, levels, count));
    });
  };
  scan.object(new Map([[levels.groups.name, readGroups]]));
  scan.end();
  return groups;
}

function groupOf(scan: Scanner, levels: Levels, count: () => void): ResourceOutline {
  const group: ResourceOutline = { resource: undefined, scopes: [] };
  const readScopes = (): void => {
    group.scopes.length = 0;
    scan.list(levels.scopes.name, () => {
      count();
      group.scopes.push(scopeOf(scan, levels, count));
    });
  };
  const readResource = (): void => void (group.resource = scan.part());
  scan.object(
    new Map([
      [levels.resource.name, readResource],
      [levels.scopes.name, readScopes],
    ]),
  );
  return group;
}

function scopeOf(scan: Scanner, levels: Levels, count: () => void): ScopeOutline {
  const outline: ScopeOutline = { scope: undefined, items: [] };
  const readItems = (): void => {
    outline.items.length = 0;
    scan.list(levels.items.name, () => {
      count();
      const [start, end] = scan.part() ?? [0, 0];
      outline.items.push(start, end);
    });
  };
  const readScope = (): void => void (outline.scope = scan.part());
  scan.object(
    new Map([
      [levels.scope.name, readScope],
      [levels.items.name, readItems],
    ]),
  );
  return outline;
}

class Scanner {
  readonly #bytes: Buffer;
  /** The brackets that are open. */
  readonly #open = new Uint8Array(MAX_BRACKETS);
  #at = 0;
  #values = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Calls the reader of each name; values of other names are skipped. */
  object(readers: ReadonlyMap<string, () => void>): void {
    if (this.#next() !== OPEN_OBJECT) throw malformed('no object where one belongs');
    this.#at++;
    let isFirst = true;
    while (!this.#closes(CLOSE_OBJECT, isFirst)) {
      isFirst = false;
      if (this.#next() !== QUOTE) throw malformed('a name without quotes');
      const start = this.#at;
      this.#text();
      const read = this.#at - start > 40 ? undefined : readers.get(this.#bytes.toString('latin1', start + 1, this.#at - 1));
      if (this.#next() !== COLON) throw malformed('a name without a value');
      this.#at++;
      if (read === undefined) this.part();
      else read();
    }
  }

  /** Calls `each` at each member. `null` is an empty list. */
  list(name: string, each: () => void): void {
    const first = this.#next();
    if (first === NULL) return void this.part();
    if (first !== OPEN_LIST) throw malformed(`field ${name} is no list`);
    this.#at++;
    let isFirst = true;
    while (!this.#closes(CLOSE_LIST, isFirst)) {
      isFirst = false;
      this.#next();
      each();
    }
  }

  /** Skips one value of any kind and returns where it lies; undefined for `null`. */
  part(): Range | undefined {
    const first = this.#next();
    const start = this.#at;
    const most = Math.min(MAX_VALUES, this.#values + MAX_ITEM_NODES);
    let depth = 0;
    do {
      const byte = this.#next();
      switch (byte) {
        case QUOTE:
          this.#text();
          break;
        case OPEN_LIST:
        case OPEN_OBJECT:
          if (depth === MAX_BRACKETS) throw new OtlpError('too_deep', `OTLP request nested deeper than ${MAX_BRACKETS} brackets.`);
          this.#open[depth++] = byte;
          this.#at++;
          break;
        case CLOSE_LIST:
        case CLOSE_OBJECT:
          // The closing bracket comes two after the opening one in ASCII.
          if (depth === 0 || this.#open[--depth] !== byte - 2) throw malformed('a bracket that closes nothing');
          this.#at++;
          continue;
        case COMMA:
        case COLON:
          if (depth === 0) throw malformed('a value that is missing');
          this.#at++;
          continue;
        default:
          this.#word();
      }
      if (++this.#values > most) throw new OtlpError('too_many', 'OTLP request with too many values.');
    } while (depth > 0);
    return first === NULL ? undefined : [start, this.#at];
  }

  /** Nothing but white space may follow. */
  end(): void {
    this.#space();
    if (this.#at < this.#bytes.length) throw malformed('bytes after its end');
  }

  /** Whether the closing bracket is next, which is then passed; else a comma must be next, unless this is the first member. */
  #closes(bracket: number, isFirst: boolean): boolean {
    const byte = this.#next();
    if (byte === bracket) {
      this.#at++;
      return true;
    }
    if (isFirst) return false;
    if (byte !== COMMA) throw malformed('a comma that is missing');
    this.#at++;
    return false;
  }

  #text(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    for (;;) {
      const byte = bytes[at];
      if (byte === undefined) throw malformed('a text without an end');
      if (byte === QUOTE) break;
      at += byte === BACKSLASH ? 2 : 1;
    }
    this.#at = at + 1;
  }

  /** A number, or `true`, `false`, `null`; whether it is one shows when the part is read. */
  #word(): void {
    const start = this.#at;
    while (isOfWord(this.#bytes[this.#at])) this.#at++;
    if (this.#at === start) throw malformed('a byte that begins no value');
  }

  #space(): void {
    let byte = this.#bytes[this.#at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = this.#bytes[++this.#at];
  }

  #next(): number {
    this.#space();
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw malformed('no end');
    return byte;
  }
}

/** Letters, digits and the signs of numbers. */
function isOfWord(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x2d || byte === 0x2b || byte === 0x2e || byte === 0x45
  );
}

const malformed = (what: string): OtlpError => new OtlpError('malformed', `OTLP body that is no sound JSON: ${what}.`);
