/** Where the numbers of one instrument live, by attribute set; bounded. */
import type { Attributes } from '../../recording/types.ts';
import { ATTR_OTEL_METRIC_OVERFLOW } from '../../semconv/index.ts';

/** As the metrics specification: further attribute sets share one point marked as overflow. */
export const MAX_POINTS = 2_000;
/** Attribute objects that callers reuse skip the key; weak, so nothing is held. */
const keys = new WeakMap<object, string>();

export class Storage<Point> {
  readonly #points = new Map<string, { attributes: Attributes; point: Point }>();
  /** By identity: frozen sets are interned by their owner and cannot change. */
  #known = new WeakMap<object, Point>();
  readonly #create: () => Point;

  constructor(create: () => Point) {
    this.#create = create;
  }

  /** The point of this attribute set. */
  at(attributes: Attributes): Point {
    const direct = this.#known.get(attributes);
    if (direct !== undefined) return direct;
    const point = this.#find(attributes);
    if (Object.isFrozen(attributes)) this.#known.set(attributes, point);
    return point;
  }

  #find(attributes: Attributes): Point {
    const key = keyOf(attributes);
    const known = this.#points.get(key);
    if (known !== undefined) return known.point;
    if (this.#points.size >= MAX_POINTS - 1 && key !== OVERFLOW_KEY) return this.at(OVERFLOW);
    const point = this.#create();
    this.#points.set(key, { attributes: { ...attributes }, point });
    return point;
  }

  get size(): number {
    return this.#points.size;
  }

  clear(): void {
    this.#points.clear();
    this.#known = new WeakMap();
  }

  map<Result>(fn: (attributes: Attributes, point: Point) => Result): Result[] {
    return Array.from(this.#points.values(), ({ attributes, point }) => fn(attributes, point));
  }
}

const OVERFLOW: Attributes = Object.freeze({ [ATTR_OTEL_METRIC_OVERFLOW]: true });
const OVERFLOW_KEY = keyOf(OVERFLOW);

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
