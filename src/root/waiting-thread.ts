/** A thread older than the run's folder: it holds its metrics back until the main thread answers or it ends. */
import { Member } from './member.ts';
import { openRunFolder } from './run-folder.ts';
import { askMainThread } from './threads.ts';
import type { MergedMetrics, MergeFaults, MetricSnapshot, RunLink, RunRole } from './types.ts';
import { variablesOf } from './variables.ts';

export class WaitingThread implements RunLink {
  readonly runId: string;
  readonly #question: ReturnType<typeof askMainThread>;
  /** Once the main thread has answered. */
  #member: Member | undefined;
  #follow: Parameters<RunLink['followPolicies']>[0] | undefined;

  constructor(runId: string, count: (name: string) => void) {
    this.runId = runId;
    this.#question = askMainThread((path) => {
      const folder = openRunFolder(path);
      if (folder !== undefined) this.#member = new Member({ runId, folder, count });
      if (this.#follow !== undefined) this.#member?.followPolicies(this.#follow);
      return this.#member !== undefined;
    });
  }

  get role(): RunRole {
    return this.#member?.role ?? 'alone';
  }

  get runFolder(): string | undefined {
    return this.#member?.runFolder;
  }

  hashKey(): Uint8Array | undefined {
    return this.#member?.hashKey();
  }

  environment(): Record<string, string> {
    return this.#member?.environment() ?? variablesOf(this);
  }

  offer(snapshot: MetricSnapshot, isFinal: boolean): MergedMetrics | undefined {
    if (this.#member === undefined) this.#question.ask();
    if (this.#member !== undefined) return this.#member.offer(snapshot, isFinal);
    if (!isFinal) return undefined;
    // It exports its own now: an answer that comes meanwhile must not hand the same numbers to the root as well.
    this.#question.close();
    return snapshot;
  }

  amend(snapshot: MetricSnapshot): void {
    this.#member?.amend(snapshot);
  }

  handIn(snapshot: MetricSnapshot): void {
    this.#member?.handIn(snapshot);
  }

  memberCount(): number {
    return 0;
  }

  faults(): MergeFaults | undefined {
    return this.#member?.faults();
  }

  followPolicies(listener: Parameters<RunLink['followPolicies']>[0]): void {
    this.#follow = listener;
    this.#member?.followPolicies(listener);
  }

  askPolicies(...[ask, onAnswer]: Parameters<RunLink['askPolicies']>): void {
    if (this.#member === undefined) onAnswer(undefined);
    else this.#member.askPolicies(ask, onAnswer);
  }

  close(): void {
    this.#question.close();
    this.#member?.close();
  }
}
