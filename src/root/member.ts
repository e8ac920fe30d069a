/** A process that has a root: its metrics go there, and come back to it when the root is gone. */
import { existsSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { readState } from '../config/policies/read.ts';
import { readRunPolicies } from '../config/policies/run-file.ts';
import type { PolicyAnswer, PolicyAsk, PolicyState } from '../config/policies/types.ts';
import { cancel, later, laterHeld } from '../config/originals.ts';
import { connect, type ChannelClient } from './channel-client.ts';
import { adoptFinals, writeFinalSync } from './finals.ts';
import { remainder } from './remainder.ts';
import { Root } from './root.ts';
import { isRootAlive, isRootGone } from './root-mark.ts';
import { readHashKey } from './hash-key.ts';
import type { RunFolder } from './run-folder.ts';
import type { MergedMetrics, MergeFaults, MetricSnapshot, RunLink, RunRole } from './types.ts';
import { variablesOf } from './variables.ts';

/** Snapshots sent and not yet known to be exported; the root answers each export, so few wait. */
const MAX_UNANSWERED = 8;
/** A process that lives for less hears of no change of policies: it started with the newest. */
const CONNECT_AFTER_MS = 50;
/** A root whose event loop stands still for longer has not changed anything. */
const ANSWER_MS = 5_000;

export interface MemberOptions {
  readonly runId: string;
  readonly folder: RunFolder;
  readonly count: (name: string) => void;
}

export class Member implements RunLink {
  readonly runId: string;
  readonly #folder: RunFolder;
  readonly #count: (name: string) => void;
  readonly #unanswered: MetricSnapshot[] = [];
  #client: ChannelClient | undefined;
  /** How the root is reached; `lost`: it is gone for good. */
  #root: 'by channel' | 'by file' | 'lost' = 'by channel';
  /** What the root is known to have exported. */
  #exported: MetricSnapshot | undefined;
  /** Our newest final in the root's folder. */
  #left: MetricSnapshot | undefined;
  #successor: Root | undefined;
  #hashKey: Uint8Array | undefined;
  #onPolicies: (state: PolicyState) => void = () => undefined;
  #asks = 0;
  readonly #asked = new Map<number, (answer: PolicyAnswer | undefined) => void>();

  constructor({ runId, folder, count }: MemberOptions) {
    this.runId = runId;
    this.#folder = folder;
    this.#count = count;
  }

  get role(): RunRole {
    if (this.#root !== 'lost') return 'member';
    return this.runFolder === undefined ? 'alone' : 'root';
  }

  get runFolder(): string | undefined {
    return this.#root === 'lost' ? this.#successor?.runFolder : this.#folder.path;
  }

  /** Looks first whether the root still lives, since a child is told of it. */
  environment(): Record<string, string> {
    if (!isRootAlive(this.#folder.path)) this.#root = 'lost';
    // A thread ends before its process: it is nobody's root.
    return this.#root === 'lost' && isMainThread ? this.#ownRoot().environment() : variablesOf(this);
  }

  /** Without a root, this process writes its own metrics and what the root left, less what the root had exported. */
  offer(snapshot: MetricSnapshot, isFinal: boolean): MergedMetrics | undefined {
    if (isFinal ? this.#leaveFinal(snapshot) : this.#send(snapshot)) return undefined;
    return this.#ownRoot(snapshot.startTime).offer(remainder(snapshot, this.#exported), isFinal);
  }

  /** A root that has looked at the finals for the last time has read the one before: then this one is lost. */
  amend(snapshot: MetricSnapshot): void {
    if (this.#root !== 'lost' && writeFinalSync(this.#folder.finals, snapshot, this.#exported)) this.#left = snapshot;
  }

  handIn(snapshot: MetricSnapshot): void {
    const isLeft = this.#root !== 'lost' && isRootAlive(this.#folder.path) && writeFinalSync(this.#folder.finals, snapshot);
    if (!isLeft) this.#ownRoot().handIn(snapshot);
  }

  hashKey(): Uint8Array | undefined {
    return (this.#hashKey ??= readHashKey(this.#folder.path));
  }

  memberCount(): number {
    return this.#successor?.memberCount() ?? 0;
  }

  faults(): MergeFaults | undefined {
    return this.#successor?.faults();
  }

  close(): void {
    this.#client?.close();
    this.#successor?.close();
  }

  /** Without waiting. False: there is no root any more. */
  #send(snapshot: MetricSnapshot): boolean {
    if (this.#root === 'by file') return this.#leaveFinal(snapshot);
    if (this.#root === 'lost') return false;
    this.#unanswered.push(snapshot);
    if (this.#unanswered.length > MAX_UNANSWERED) this.#unanswered.shift();
    this.#connected().send(snapshot);
    return true;
  }

  #connected(): ChannelClient {
    return (this.#client ??= connect({
      address: this.#folder.channel,
      onCollected: (sequence) => this.#learn(sequence),
      onPolicies: (given) => {
        const state = readState(given);
        if (state === undefined) this.#count('policies.bad-message');
        else this.#onPolicies(state);
      },
      onAnswer: (id, answer) => this.#answered(id, answer as PolicyAnswer),
      // A root that lives and does not answer (blocked, full) still reads the finals.
      onLost: (isRefused) => {
        const isGone = isRefused ? isRootGone(this.#folder.path) : !isRootAlive(this.#folder.path);
        this.#root = isGone ? 'lost' : 'by file';
        for (const id of [...this.#asked.keys()]) this.#answered(id, undefined);
      },
    }));
  }

  followPolicies(listener: (state: PolicyState) => void): void {
    this.#onPolicies = listener;
    const state = readRunPolicies(this.#folder.path);
    if (state !== undefined) listener(state);
    // Late, so that a process that is over at once never opens a socket: its final is a file.
    later(CONNECT_AFTER_MS, () => {
      if (this.#root === 'by channel') this.#connected();
    });
  }

  askPolicies(ask: PolicyAsk, onAnswer: (answer: PolicyAnswer | undefined) => void): void {
    if (this.#root !== 'by channel') return onAnswer(undefined);
    const id = ++this.#asks;
    // The program waits for the answer, and may have nothing else to do.
    const timer = laterHeld(ANSWER_MS, () => this.#answered(id, undefined));
    this.#asked.set(id, (answer) => {
      cancel(timer);
      onAnswer(answer);
    });
    this.#connected().ask(id, ask);
  }

  #answered(id: number, answer: PolicyAnswer | undefined): void {
    const onAnswer = this.#asked.get(id);
    this.#asked.delete(id);
    onAnswer?.(answer);
  }

  /** Leaves the snapshot as a file. False: there is no root that will read it. */
  #leaveFinal(snapshot: MetricSnapshot): boolean {
    if (this.#root === 'lost') return false;
    if (isRootAlive(this.#folder.path) && writeFinalSync(this.#folder.finals, snapshot, this.#exported)) {
      this.#left = snapshot;
      return true;
    }
    // A root that ends in order has exported our final and removed its folder; a killed one leaves its folder.
    if (isRootAlive(this.#folder.path) || !existsSync(this.#folder.path)) this.#exported = this.#left ?? this.#exported;
    this.#root = 'lost';
    return false;
  }

  /** What this process is to its own children, and to its metrics, once its root is gone. */
  #ownRoot(startTime?: number): Root {
    if (this.#successor !== undefined) return this.#successor;
    this.#successor = new Root({
      runId: this.runId,
      count: this.#count,
      startTime: this.#exported?.time ?? startTime,
      hashKey: this.hashKey(),
    });
    // A root that lives and takes no more finals, because it ends, exports those it has.
    if (!isRootAlive(this.#folder.path)) this.#successor.adopt(adoptFinals(this.#folder.path));
    return this.#successor;
  }

  #learn(sequence: number): void {
    this.#exported = this.#unanswered.find((snapshot) => snapshot.sequence === sequence) ?? this.#exported;
    while ((this.#unanswered[0]?.sequence ?? Infinity) <= sequence) this.#unanswered.shift();
  }
}
