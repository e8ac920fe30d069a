/** The tool calls of one answer, put together from the pieces that a stream brings. */
import { cutText } from '../../semconv/cut-text.ts';

/** Tool calls remembered of one answer; protects from an endless stream. */
export const MAX_TOOLS_CALLED = 128;
/** Longest name that is put together; protects from a stream that never ends a name. */
const MAX_NAME_CHARACTERS = 512;
/** Arguments kept of all calls of one answer; protects from a stream that never ends them. */
const MAX_INPUT_CHARACTERS = 256 * 1024;

export interface ToolPiece {
  readonly choice: number;
  /** Its place among the calls of the choice, where the provider numbers them. */
  readonly index?: number | string | undefined;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

export interface CalledTool {
  readonly choice: number;
  id: string | undefined;
  name: string | undefined;
  /** The provider gave no id: `id` says only where among the calls of the answer it stands. */
  hasNoId?: boolean;
  /** What the tool is given: pieces of text put together, most often JSON, or a value that came whole. Content. */
  input: unknown;
  /** The provider executes it itself: nobody sends a result. */
  isProvidersOwn: boolean;
}

const NONE: readonly never[] = [];

export class CalledTools {
  readonly #calls: CalledTool[] = [];
  #byPlace: Map<string, CalledTool> | undefined;
  #last: CalledTool | undefined;
  #inputLeft = MAX_INPUT_CHARACTERS;

  /** A call that comes whole, as in a body. */
  whole({ id, name, choice = 0 }: Partial<ToolPiece>): CalledTool | undefined {
    if (this.#calls.length >= MAX_TOOLS_CALLED) return undefined;
    const call: CalledTool = {
      choice,
      id,
      name: name === undefined ? undefined : cutText(name, MAX_NAME_CHARACTERS),
      input: undefined,
      isProvidersOwn: false,
    };
    this.#calls.push(call);
    this.#last = call;
    return call;
  }

  /** The call that a piece belongs to; `undefined` past the bound. */
  piece(piece: ToolPiece): CalledTool | undefined {
    const known = this.#find(piece);
    if (known === undefined) {
      const call = this.whole(piece);
      if (call !== undefined) this.#place(piece, call);
      return call;
    }
    known.id ??= piece.id;
    known.name = joined(known.name, piece.name);
    this.#last = known;
    return known;
  }

  /** One more piece of the text of its arguments, within the bound of all. */
  addInput(call: CalledTool | undefined, piece: string | undefined): void {
    if (call === undefined || piece === undefined || this.#inputLeft <= 0) return;
    const kept = piece.length > this.#inputLeft ? piece.slice(0, this.#inputLeft) : piece;
    this.#inputLeft -= kept.length;
    call.input = typeof call.input === 'string' ? call.input + kept : kept;
  }

  /** The whole of its arguments. A text that came in pieces is this one already. */
  setInput(call: CalledTool | undefined, input: unknown): void {
    if (call === undefined || input === undefined || typeof call.input === 'string') return;
    if (typeof input === 'string') this.addInput(call, input);
    else call.input = input;
  }

  /** In the order in which they began; a call that never got a name is none. */
  named(): readonly (CalledTool & { name: string })[] {
    return this.#calls.length === 0 ? NONE : this.#calls.filter((call): call is CalledTool & { name: string } => call.name !== undefined);
  }

  #find({ choice, index, id, name }: ToolPiece): CalledTool | undefined {
    if (index === undefined && id === undefined) return name === undefined ? this.#last : undefined;
    const byId = id === undefined ? undefined : this.#byPlace?.get(`${choice} id ${id}`);
    if (index === undefined) return byId;
    const byIndex = this.#byPlace?.get(`${choice} at ${index}`);
    // Gemini's and Ollama's compatible endpoints give every call of an answer the number 0, and an id of its own; old
    // vLLM draws another id for each piece of one call, and names the call in the first.
    const hasOtherId = id !== undefined && byIndex?.id !== undefined && byIndex.id !== id;
    return hasOtherId ? (byId ?? (name === undefined ? byIndex : undefined)) : byIndex;
  }

  #place({ choice, index, id }: ToolPiece, call: CalledTool): void {
    const byPlace = (this.#byPlace ??= new Map());
    if (id !== undefined) byPlace.set(`${choice} id ${id}`, call);
    if (index !== undefined) byPlace.set(`${choice} at ${index}`, call);
  }
}

/** A name comes once, again with every piece (Anthropic's and MiniMax' gateways), cut into pieces (Gemini), or grows. */
function joined(known: string | undefined, piece: string | undefined): string | undefined {
  if (piece === undefined || piece === known) return known;
  if (known === undefined || piece.startsWith(known)) return cutText(piece, MAX_NAME_CHARACTERS);
  return cutText(known + piece, MAX_NAME_CHARACTERS);
}
