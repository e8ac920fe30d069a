/** What the page of a living run is told: the run itself from memory, its details and all other runs as they are stored. */
import type { Answer } from '../serve/asked.ts';
import type { TasksPage } from '../wire.ts';
import type { LiveRun } from './live-run.ts';
import type { JsonAnswer, ViewSource } from './server.ts';
import type { StoredSource } from './stored-source.ts';

export interface LiveSourceOptions {
  readonly id: string;
  readonly live: LiveRun;
  readonly stored: StoredSource;
  /** Writes what waits, so that details can be read back. */
  readonly flush: () => void;
}

export class LiveSource implements ViewSource {
  readonly #options: LiveSourceOptions;
  /** Once the run has ended, what is stored is all there is. */
  isEnded = false;

  constructor(options: LiveSourceOptions) {
    this.#options = options;
  }

  runs(query: URLSearchParams): Promise<JsonAnswer> {
    return this.#options.stored.runs(query);
  }

  diff(a: string, b: string): Promise<JsonAnswer> {
    return this.#options.stored.diff(a, b);
  }

  review(ids: readonly string[]): Promise<JsonAnswer> {
    return this.#options.stored.review(ids);
  }

  run(id: string, what: string, query: URLSearchParams): Promise<JsonAnswer> | Answer | undefined {
    const { live, stored, flush } = this.#options;
    if (id !== this.#options.id) return stored.run(id, what, query);
    live.ask();
    if (this.isEnded) return stored.run(id, what, query);
    const from = Math.max(0, Math.trunc(Number(query.get('from') ?? 0)) || 0);
    switch (what) {
      case 'snapshot':
        return Promise.resolve(live.snapshot());
      case 'frames':
        return Promise.resolve(live.frames(from));
      case 'pulse':
        return Promise.resolve(live.pulse());
      case 'stream':
        return live.stream(from);
      case 'tiles': {
        const tiles = live.tiles(query);
        return tiles === undefined ? undefined : Promise.resolve({ status: 200, body: Buffer.from(JSON.stringify(tiles)) });
      }
      default:
        flush();
        return what === 'tasks' ? this.#tasks(id, query) : stored.run(id, what, this.#placed(query));
    }
  }

  /** The rows of a run that goes on are counted in the order in which they came. */
  #placed(query: URLSearchParams): URLSearchParams {
    const row = query.get('task');
    const task = row === null ? undefined : this.#options.live.taskAt(Number(row));
    if (task === undefined) return query;
    const placed = new URLSearchParams(query);
    placed.delete('task');
    placed.set('below', `${task.trace}/${task.span}`);
    return placed;
  }

  async #tasks(id: string, query: URLSearchParams): Promise<JsonAnswer> {
    const answer = await this.#options.stored.ask('tasks', id, query);
    if (answer.status !== 200) return answer;
    const page = JSON.parse(answer.body.toString('utf8')) as TasksPage;
    const tasks = page.tasks.map((task) => ({ ...task, ...this.#options.live.rowOf(task.trace, task.id) }));
    return { status: 200, body: Buffer.from(JSON.stringify({ ...page, tasks } satisfies TasksPage)) };
  }
}
