/** Random runs of every shape that is recorded: with and without tasks, workers, servers, waits, cut and open spans. */
import type { Attributes, RunData, SpanRow } from '../../src/analysis/model.ts';
import * as words from '../../src/semconv/index.ts';
import {
  agent,
  batch,
  child,
  cost,
  git,
  limit,
  llm,
  pool,
  queued,
  refused,
  resend,
  run,
  span,
  task,
  tokens,
  tool,
  wait,
} from './hand-built.ts';

/** mulberry32: the same numbers in every run of the tests. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Shape {
  readonly hasTasks: boolean;
  readonly hasAgents: boolean;
  readonly hasWorkers: boolean;
  /** Whether acts also happen outside tasks, agents and workers. */
  readonly hasLooseActs: boolean;
  readonly isUnfinished: boolean;
  /** Whether some spans begin before the run, end after it, or never. */
  readonly isRagged: boolean;
}

/** Every combination comes up among 64 seeds in a row. */
export function shapeOf(seed: number): Shape {
  const bit = (at: number): boolean => ((seed >> at) & 1) === 1;
  return {
    hasTasks: bit(0),
    hasAgents: bit(1),
    hasWorkers: bit(2),
    hasLooseActs: bit(3) || (!bit(0) && !bit(1) && !bit(2)),
    isRagged: bit(4),
    isUnfinished: bit(5) && bit(4),
  };
}

/** A run of one to nine workers, each with a few acts after or beside each other. */
export function randomRun(seed: number): RunData {
  const shape = shapeOf(seed);
  const builder = new Builder(seed, shape);
  builder.build();
  const series = shape.hasTasks && builder.chance(0.5) ? [limit('q', 1 + builder.upTo(8))] : [];
  const data = run(100, builder.spans, series);
  return shape.isUnfinished ? { ...data, run: { ...data.run, endMs: undefined, exitCode: undefined } } : data;
}

interface Place {
  readonly parent: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly pid: number;
}

class Builder {
  readonly spans: SpanRow[] = [];
  readonly #random: () => number;
  readonly #shape: Shape;
  #pid = 100;

  constructor(seed: number, shape: Shape) {
    this.#random = seeded(seed + 1);
    this.#shape = shape;
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T;
  }

  build(): void {
    const whole: Place = { parent: undefined, from: 1, to: 98, pid: 1 };
    if (this.#shape.hasLooseActs) this.#acts(whole, 1 + this.upTo(5));
    const slots = 1 + this.upTo(3);
    for (let slot = 0; slot < slots; slot++) {
      let at = 1 + this.#random() * 20;
      for (let each = 0; each < 3 && at < 95; each++) {
        const to = Math.min(97, at + 2 + this.#random() * 40);
        this.#worker({ ...whole, from: at, to });
        at = to + this.#random() * 10;
      }
    }
  }

  /** One unit of the swarm's work, in as many wrappings as the shape has. */
  #worker(place: Place): void {
    let at = place;
    if (this.#shape.hasTasks) {
      if (this.chance(0.3)) at = this.#within(at, batch(this.upTo(3)));
      at = this.#within(
        at,
        task(this.pick(['build', 'review']), { ...pool('q'), ...(this.chance(0.5) ? queued(this.#random() * 3) : {}) }),
      );
      if (this.chance(0.2)) this.#within({ ...at, from: at.from + 0.1, to: at.to - 0.1 }, task('inner'));
    }
    if (this.#shape.hasAgents && this.chance(0.8)) at = this.#within(at, agent());
    if (this.#shape.hasWorkers && this.chance(0.8)) {
      const isCli = this.#shape.hasAgents && this.chance(0.3);
      at = this.#within(at, isCli ? child('claude', 'agent', this.#exit()) : child('node', 'node', this.#exit()));
      at = { ...at, pid: ++this.#pid, from: at.from + 0.2, to: at.to - 0.1 };
    }
    if (at.parent !== undefined || this.#shape.hasLooseActs) this.#acts(at, this.upTo(7));
  }

  #within(place: Place, attributes: Attributes): Place {
    const id = this.#add(place, attributes);
    return { ...place, parent: id, from: place.from + 0.05, to: place.to - 0.05 };
  }

  #acts(place: Place, count: number): void {
    let at = place.from;
    for (let each = 0; each < count && at < place.to; each++) {
      const to = Math.min(place.to, at + this.#random() * 8);
      const act = { ...place, from: at, to };
      this.pick<() => void>([
        () => this.#add(act, this.#call()),
        () => this.#add(act, this.#call()),
        () => this.#refusals(act),
        () => this.#add(act, git(this.pick(['commit', 'merge']))),
        () => this.#add(act, tool('read')),
        () => this.#parallelTools(act),
        () => this.#add(act, wait(this.pick(['human', 'lock', 'gpu', 'nonsense']))),
        () => this.#add(act, child('npm', 'package_manager', this.#exit())),
        () => this.#server({ ...act, to: place.to }),
        () => this.#family(act),
      ])();
      // What follows may begin while this is still under way.
      at = this.chance(0.8) ? to + this.#random() : at + (to - at) / 2;
    }
  }

  #call(): Attributes {
    const id = { [words.ATTR_GEN_AI_RESPONSE_ID]: `r${this.spans.length}` };
    return llm({
      [words.ATTR_GEN_AI_RESPONSE_MODEL]: this.pick(['m-1', 'm-2']),
      ...(this.chance(0.8) ? tokens(this.upTo(5_000), this.upTo(500), { ...id, ...(this.chance(0.7) ? cost(this.#random()) : {}) }) : {}),
    });
  }

  #refusals(place: Place): void {
    const third = (place.to - place.from) / 3;
    this.#add({ ...place, to: place.from + third }, llm(refused(0)), { isError: true });
    if (this.chance(0.8)) this.#add({ ...place, from: place.to - third }, llm(resend(1)));
  }

  /** Two tools of one answer, seen by their results alone: they share one gap. */
  #parallelTools(place: Place): void {
    for (const name of ['read', 'test']) this.#add(place, { ...tool(name), [words.ATTR_SWARMSCOPE_TOOL_INFERRED]: true });
    if (this.chance(0.5)) this.#add({ ...place, to: (place.from + place.to) / 2 }, wait('human'));
  }

  #server(place: Place): void {
    const isStopped = this.chance(0.7);
    const end = isStopped ? { [words.ATTR_SWARMSCOPE_PROCESS_SIGNAL]: 'SIGTERM', [words.ATTR_ERROR_TYPE]: 'SIGTERM' } : {};
    this.#add(place, child('vite', 'node', end), { isError: isStopped });
  }

  /** A script with children, whose failure it repeats. */
  #family(place: Place): void {
    const exit = this.#exit();
    const script = this.#within(place, child('sh', 'shell', exit));
    this.#add(script, child('cc', 'other', exit));
    if (this.chance(0.5)) this.#add(script, git('fetch'));
  }

  #exit(): Attributes {
    return this.chance(0.3) ? { [words.ATTR_PROCESS_EXIT_CODE]: 1, [words.ATTR_ERROR_TYPE]: '1' } : { [words.ATTR_PROCESS_EXIT_CODE]: 0 };
  }

  #add({ parent, from, to, pid }: Place, attributes: Attributes, { isError = false } = {}): string {
    const id = `s${this.spans.length}`;
    const ragged = this.#shape.isRagged ? this.#random() : 1;
    const [start, end] =
      ragged < 0.05
        ? [from, undefined]
        : ragged < 0.1
          ? [from, to + 60]
          : ragged < 0.15
            ? [from - 60, to]
            : ragged < 0.18
              ? [from + 90, to + 90]
              : [from, Math.max(from, to)];
    const errorType = attributes[words.ATTR_ERROR_TYPE];
    this.spans.push({ ...span({ id, parent, from: start, to: end, isError: isError || errorType !== undefined, attributes }), pid });
    return id;
  }
}
