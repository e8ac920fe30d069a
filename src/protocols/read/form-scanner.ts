/** Reads the fields of a form (`multipart/form-data`, RFC 7578) as they pass, and none of its files. */
import { latin1Of, utf8Of } from './latin1.ts';

/** Characters of a field that are kept: a parameter is short, a prompt is cut. */
const MAX_FIELD_CHARACTERS = 16 * 1024;
const MAX_FIELDS = 100;
/** Longest head of one part; protects from bytes that are no form. */
const MAX_HEAD_CHARACTERS = 8 * 1024;

/** `undefined` for what is no form. @example boundaryOf('multipart/form-data; boundary=x') === 'x' */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (contentType?.startsWith('multipart/form-data') !== true) return undefined;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType) ?? [];
  return quoted ?? plain;
}

export class FormScanner {
  readonly #marker: string;
  readonly #fields = new Map<string, string>();
  /** What came and is not read yet; never longer than a head, or than a boundary. */
  #rest = '\r\n';
  /** Where we are: before a head, inside it, or in the value of a part. */
  #state: 'head' | 'value' = 'value';
  /** Of the field that is read; `undefined` for a file, and before the first part. */
  #name: string | undefined;
  #value = '';

  constructor(boundary: string) {
    this.#marker = `\r\n--${boundary}`;
  }

  feed(bytes: Uint8Array): void {
    let text = this.#rest + latin1Of(bytes);
    for (;;) {
      if (this.#state === 'head') {
        const end = text.indexOf('\r\n\r\n');
        if (end === -1) break;
        this.#name = fieldIn(text.slice(0, end));
        this.#state = 'value';
        text = text.slice(end + 4);
      }
      const end = text.indexOf(this.#marker);
      if (end === -1) break;
      this.#add(text.slice(0, end));
      this.#close();
      this.#state = 'head';
      text = text.slice(end + this.#marker.length);
    }
    if (this.#state === 'value') {
      // Its end may be the beginning of a boundary.
      const known = Math.max(0, text.length - this.#marker.length + 1);
      this.#add(text.slice(0, known));
      text = text.slice(known);
    }
    // Copied through bytes: a slice would keep the whole chunk in memory.
    this.#rest = Buffer.from(text.slice(0, MAX_HEAD_CHARACTERS), 'latin1').toString('latin1');
  }

  /** What was told by now: `true` and `false` and numbers as such, but for what is a name or a text. */
  get fields(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#fields].map(([name, text]) => [name, TEXTS.has(name) ? text : valueOf(text)]));
  }

  #add(text: string): void {
    if (this.#name !== undefined && this.#value.length < MAX_FIELD_CHARACTERS) this.#value += text.slice(0, MAX_FIELD_CHARACTERS);
  }

  #close(): void {
    if (this.#name !== undefined && this.#fields.size < MAX_FIELDS)
      this.#fields.set(this.#name, utf8Of(this.#value.slice(0, MAX_FIELD_CHARACTERS)));
    this.#name = undefined;
    this.#value = '';
  }
}

/** The name of a part that is no file. */
function fieldIn(head: string): string | undefined {
  const disposition = /^content-disposition:[^\r\n]*/im.exec(head)?.[0];
  if (disposition === undefined || /;\s*filename\*?=/i.test(disposition)) return undefined;
  return /;\s*name="([^"]{1,200})"/i.exec(disposition)?.[1];
}

const TEXTS: ReadonlySet<string> = new Set(['model', 'prompt', 'input', 'user']);

function valueOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : text;
}
