/** Ids of tool calls and of their results, for services that leave them out. */

/** Names counted in one message; protects from an endless one. */
const MAX_NAMES = 256;
const MAX_NAME_CHARACTERS = 128;

/** Of the calls, or of the results, of one message: without an id the place among those of the same name stands for it. */
export class CallIds {
  readonly #counts = new Map<string, number>();

  /** @example `of('get_weather', undefined) === 'get_weather#0'` */
  of(name: string | undefined, id: string | undefined): string {
    if (id !== undefined) return id;
    const key = (name ?? '').slice(0, MAX_NAME_CHARACTERS);
    const count = this.#counts.get(key) ?? 0;
    if (this.#counts.size < MAX_NAMES || count > 0) this.#counts.set(key, count + 1);
    return `${key}#${count}`;
  }
}
