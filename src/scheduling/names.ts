/** Names for tasks that nobody named: the function's own, else that of the function which handed it over. */
import { cutText } from '../semconv/cut-text.ts';
import { isOwnCode } from './own-code.ts';
import type { Place } from './places.ts';

const MAX_CHARACTERS = 64;
/** What compilers and V8 put there, the methods by which a subclass passes a task on, and ids, which are no kind of work. */
const NO_NAME =
  /^(?:<.*|__.*|_callee\d*\$?|_loop_?\d*|_?async(?:ToGenerator|GeneratorStep)|_next|_throw|fulfilled|rejected|anonymous|eval|add|addAll)$|\d{4}|[\da-f]{8}/;
/** A minifier gives three characters after some thousands of names: its files are far longer than a line of a person. */
const MINIFIED_COLUMN = 500;
const OUTPUT_OF_TOOLS = /\.[cm]?js(?:\?.*)?$/;

/** The name of `task`, else of the nearest own function above; undefined where none has a name that a person gave. */
export function taskName(task: { readonly name: unknown }, placesAbove: () => readonly Place[]): string | undefined {
  const places = memo(placesAbove);
  // A name may have been defined anew, as anything.
  const own = typeof task.name === 'string' ? task.name.replace(/^(?:bound )+/, '') : '';
  const name = isName(own, () => places()[0]) ? own : callerName(places());
  return name === undefined ? undefined : cutText(name, MAX_CHARACTERS);
}

/** Names the tasks of a list of functions: one of them where all have one name. undefined for a list of anything else. */
export function oneNamed(functions: readonly unknown[]): (() => unknown) | undefined {
  const [first] = functions;
  if (typeof first !== 'function') return undefined;
  const isOneName = functions.every((each) => (each as { name?: unknown } | undefined)?.name === first.name);
  return isOneName ? (first as () => unknown) : () => undefined;
}

/** The nearest function of the program's own code that has a name. */
export function callerName(places: readonly Place[]): string | undefined {
  return places.find((place) => isName(place.functionName ?? '', () => place) && isOwnCode(place.file))?.functionName;
}

/** `Wi`, `e` and `_a` were made by a minifier, and `run` too in a file that went through one. */
function isName(name: string, place: () => Place | undefined): boolean {
  if (name.length < 3 || NO_NAME.test(name)) return false;
  return name.length > 3 || !isMinified(place());
}

function isMinified(place: Place | undefined): boolean {
  return place !== undefined && place.column > MINIFIED_COLUMN && OUTPUT_OF_TOOLS.test(place.file);
}

function memo<T>(read: () => T): () => T {
  let value: { readonly is: T } | undefined;
  return () => (value ??= { is: read() }).is;
}
