/** Where the numbers of one instrument live, by attribute set; bounded. */
import { cutText } from '../../semconv/cut-text.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { ATTR_OTEL_METRIC_OVERFLOW } from '../../semconv/index.ts';

/** As the metrics specification: further attribute sets share one point marked as overflow. */
export const MAX_POINTS = 2_000;
/** Longest string value, as on spans; protects from a model or task "name" that is a document. */
const MAX_VALUE_CHARACTERS = 512;
/** Attribute objects that callers reuse skip the key; weak, so nothing is held. */
const keys = new WeakMap<object, string>();

/** Series that instruments may have together. */
export interface Places {
  left: number;
}

export interface StorageOptions<Point> {
  readonly create: () => Point;
  /** Called once, when the first attribute set finds no place. */
  readonly onOverflow: () => void;
  /** Shared with others; default: only the limit of the metric counts. */
  readonly places?: Places | undefined;
}

export class Storage<Point> {
  readonly #points = new Map<string, { attributes: Attributes; point: Point }>();
  /** By identity: frozen sets are interned by their owner and cannot change. */
  #known = new WeakMap<object, Point>();
  /** Sets that have a point of their own, also while nothing is observed for them. */
  readonly #places = new Set<string>();
  readonly #options: StorageOptions<Point>;
  #overflow: Point | undefined;
  #hasOverflowed = false;

  constructor(options: StorageOptions<Point>) {
    this.#options = options;
  }

  /** The point that later attribute sets share. */
  isOverflow(point: Point): boolean {
    return point === this.#overflow;
  }

  at(attributes: Attributes): Point {
    const direct = this.#known.get(attributes);
    if (direct !== undefined) return direct;
    const point = this.#find(attributes);
    if (Object.isFrozen(attributes)) this.#known.set(attributes, point);
    return point;
  }

  #find(given: Attributes): Point {
    const attributes = bounded(given);
    const key = keyOf(attributes);
    const known = this.#points.get(key);
    if (known !== undefined) return known.point;
    if (key === OVERFLOW_KEY) return this.#shared();
    if (!this.#places.has(key)) {
      const { places } = this.#options;
      if (this.#places.size >= MAX_POINTS - 1 || places?.left === 0) return this.#shared();
      this.#places.add(key);
      if (places !== undefined) places.left--;
    }
    const point = this.#options.create();
    this.#points.set(key, { attributes: { ...attributes }, point });
    return point;
  }

  #shared(): Point {
    if (this.#overflow !== undefined) return this.#overflow;
    if (!this.#hasOverflowed) this.#options.onOverflow();
    this.#hasOverflowed = true;
    this.#overflow = this.#options.create();
    this.#points.set(OVERFLOW_KEY, { attributes: OVERFLOW, point: this.#overflow });
    return this.#overflow;
  }

  get size(): number {
    return this.#points.size;
  }

  /** Before the next observation. A counter `keepsPlaces`: its share must not move to or from the shared point. */
  clear(keepsPlaces: boolean): void {
    this.#points.clear();
    this.#known = new WeakMap();
    this.#overflow = undefined;
    if (keepsPlaces) return;
    if (this.#options.places !== undefined) this.#options.places.left += this.#places.size;
    this.#places.clear();
  }

  map<Result>(fn: (attributes: Attributes, point: Point) => Result): Result[] {
    return Array.from(this.#points.values(), ({ attributes, point }) => fn(attributes, point));
  }
}

const OVERFLOW: Attributes = Object.freeze({ [ATTR_OTEL_METRIC_OVERFLOW]: true });
const OVERFLOW_KEY = keyOf(OVERFLOW);

/** The same object where nothing is too long. */
function bounded(attributes: Attributes): Attributes {
  let copy: Attributes | undefined;
  for (const name in attributes) {
    const value = attributes[name];
    if (typeof value === 'string' && value.length > MAX_VALUE_CHARACTERS)
      (copy ??= { ...attributes })[name] = cutText(value, MAX_VALUE_CHARACTERS);
  }
  return copy ?? attributes;
}

/** Frozen objects are interned by their owner and cannot change, so their key is computed once. */
function keyOf(attributes: Attributes): string {
  const known = keys.get(attributes);
  if (known !== undefined) return known;
  const names = Object.keys(attributes);
  if (names.length > 1) names.sort();
  let key = '';
  for (const name of names) {
    const value = attributes[name];
    if (value !== undefined) key += `${name}\0${typeof value === 'string' ? `s${value}` : JSON.stringify(value)}\0`;
  }
  if (Object.isFrozen(attributes)) keys.set(attributes, key);
  return key;
}
