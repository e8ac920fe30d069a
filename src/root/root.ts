/** The process that owns what exists once per run: the folder, the channel, the merged metrics. */
import { join } from 'node:path';
import { renameSync } from 'node:fs';
import { readOurs } from '../config/small-file.ts';
import { writeRunPolicies } from '../config/policies/run-file.ts';
import type { PolicyAnswer, PolicyAsk, PolicyState } from '../config/policies/types.ts';
import { writeWhole } from '../config/write-whole.ts';
import { ENVIRONMENT_FILE, UNSEEN_FILE } from '../config/inherited.ts';
import { countUnseen } from '../config/unseen.ts';
import { listen, type ChannelServer } from './channel-server.ts';
import { CLOCK_VARIABLE, clockText, runClock } from '../config/run-clock.ts';
import { keepHashKey, newHashKey } from './hash-key.ts';
import { FinalsReader, SEALED_FINALS } from './finals.ts';
import { Lives } from './lives.ts';
import { MetricsMerge } from './metrics-merge.ts';
import { renewRootMark } from './root-mark.ts';
import { createRunFolder, isWhole, mendRunFolder, type RunFolder } from './run-folder.ts';
import { tellThreads } from './threads.ts';
import { variablesOf } from './variables.ts';
import type { MergedMetrics, MergeFaults, MetricSnapshot, ProcessLife, RunLink } from './types.ts';

/** Readings of the finals folder at the end; each takes a bounded number of files. */
const MAX_LAST_ROUNDS = 20;

/** Some hundred thousand processes; more are not counted. */
const MAX_UNSEEN_BYTES = 2_097_152;

export interface RootOptions {
  readonly runId: string;
  readonly count: (name: string) => void;
  /** Variables for processes that find nothing but the folder. */
  readonly told?: Readonly<Record<string, string>> | undefined;
  /** Of every series that it writes, in ms since the epoch; default: now. */
  readonly startTime?: number | undefined;
  /** Default: a new one. */
  readonly hashKey?: Uint8Array | undefined;
}

export class Root implements RunLink {
  readonly role = 'root';
  readonly runId: string;
  readonly #merge: MetricsMerge;
  readonly #reader: FinalsReader;
  readonly #count: (name: string) => void;
  #told: Readonly<Record<string, string>>;
  #hashKey: Uint8Array | undefined;
  readonly #lives = new Lives();
  #folder: RunFolder | undefined;
  #reason: string | undefined;
  #server: ChannelServer | undefined;
  #finals = '';
  #isClosed = false;
  #policies: () => PolicyState | undefined = () => undefined;
  #onAsk: (ask: PolicyAsk) => PolicyAnswer | undefined = () => undefined;

  constructor({ runId, count, startTime, told = {}, hashKey }: RootOptions) {
    this.runId = runId;
    this.#told = told;
    this.#hashKey = hashKey;
    this.#merge = new MetricsMerge(startTime);
    this.#count = count;
    this.#reader = new FinalsReader(() => count('run-channel.bad-final'));
  }

  get runFolder(): string | undefined {
    return this.#isClosed ? undefined : this.#folder?.path;
  }

  hashKey(): Uint8Array {
    return (this.#hashKey ??= newHashKey());
  }

  /** Why there is no folder, once one was asked for. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Makes the folder and listens, on the first call. Synchronous: a child may start right after. */
  environment(): Record<string, string> {
    if (this.#folder === undefined && this.#reason === undefined && !this.#isClosed) this.#open();
    else this.mend();
    return variablesOf(this);
  }

  /** Makes the folder again where something emptied it meanwhile. True: it was, and git may have told of less. */
  mend(): boolean {
    const folder = this.#folder;
    if (folder === undefined || this.#isClosed || this.#finals !== folder.finals || isWhole(folder)) return false;
    try {
      mendRunFolder(folder);
      this.#server?.listenAgain();
      this.tell(this.#told);
      this.tellPolicies();
    } catch {
      this.#count('run-folder.not-mended');
      return false;
    }
    this.#count('run-folder.emptied');
    return true;
  }

  /** Leaves variables in the folder, for processes whose environment is emptied on the way. */
  tell(told: Readonly<Record<string, string>>): void {
    this.#told = told;
    if (this.#folder === undefined) return;
    try {
      // Not its own path: who reads it came by it, and paths are content.
      const text = JSON.stringify({ [CLOCK_VARIABLE]: clockText(), ...told, SWARMSCOPE_RUN_ID: this.runId, SWARMSCOPE_RUN_DIR: undefined });
      writeWhole(join(this.#folder.path, ENVIRONMENT_FILE), text);
      keepHashKey(this.#folder.path, this.hashKey());
    } catch {
      // A full disk, or a folder in its place: such a process sends nothing.
      this.#count('run-folder.untold');
    }
  }

  /** Processes of the run that could not load the preload. */
  unseen(): { name: string; count: number }[] {
    return this.#folder === undefined ? [] : countUnseen(readOurs(join(this.#folder.path, UNSEEN_FILE), MAX_UNSEEN_BYTES) ?? '');
  }

  /** Merges our metrics and all members'. `isFinal` seals the finals: members then write their own; none is lost. */
  offer(snapshot: MetricSnapshot, isFinal: boolean): MergedMetrics {
    if (isFinal) this.#seal();
    else if (this.#folder !== undefined) renewRootMark(this.#folder.path);
    for (let round = 0; this.#takeFinals() > 0 && isFinal && round < MAX_LAST_ROUNDS; round++);
    this.#merge.update(snapshot);
    const merged = this.#merge.collect(snapshot.time);
    const marks = [this.#server?.mark(), this.#reader.mark()];
    return { ...merged, onExported: () => marks.forEach((mark) => mark?.()) };
  }

  amend(): void {
    // Its metrics are in no file that could be replaced.
  }

  handIn(snapshot: MetricSnapshot): void {
    this.adopt([snapshot]);
  }

  /** Takes over what another root left unexported. */
  adopt(snapshots: readonly MetricSnapshot[]): void {
    for (const snapshot of snapshots) {
      this.#lives.told(snapshot);
      this.#merge.update(snapshot);
      this.#merge.fold(snapshot.processKey);
    }
  }

  /** Of the other processes of the run, also those that have ended. */
  lives(): ProcessLife[] {
    return this.#lives.all();
  }

  memberCount(): number {
    return this.#server?.members().length ?? 0;
  }

  followPolicies(): void {
    // It makes them.
  }

  askPolicies(ask: PolicyAsk, onAnswer: (answer: PolicyAnswer | undefined) => void): void {
    onAnswer(this.#onAsk(ask));
  }

  /** `state` gives what is in force, undefined where nothing is set; `onAsk` answers the members. */
  leadPolicies(state: () => PolicyState | undefined, onAsk: (ask: PolicyAsk) => PolicyAnswer): void {
    this.#policies = state;
    this.#onAsk = onAsk;
    this.tellPolicies();
  }

  /** To the processes there are, and to those that start later. */
  tellPolicies(): void {
    const state = this.#policies();
    if (state === undefined || this.#folder === undefined || this.#isClosed) return;
    try {
      writeRunPolicies(this.#folder.path, state);
    } catch {
      // A full disk: those that start later are told when they call.
      this.#count('policies.untold');
    }
    this.#server?.tell({ policies: state });
  }

  faults(): MergeFaults {
    return this.#merge.faults;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#server?.close();
    this.#folder?.remove();
    if (this.#folder !== undefined) tellThreads(undefined);
  }

  #open(): void {
    const result = createRunFolder();
    if ('reason' in result) {
      this.#reason = result.reason;
      this.#count('run-folder.failed');
      return;
    }
    this.#folder = result.folder;
    this.#finals = result.folder.finals;
    this.tell(this.#told);
    tellThreads(result.folder.path);
    this.#server = listen({
      address: result.folder.channel,
      onSnapshot: (snapshot) => {
        this.#lives.told(snapshot);
        this.#merge.update(snapshot, true);
      },
      onGone: ({ processKey, pid }) => {
        this.#lives.gone(pid, runClock.now());
        this.#takeFinals();
        this.#merge.fold(processKey);
      },
      count: this.#count,
      greeting: () => {
        const policies = this.#policies();
        return policies && { policies };
      },
      onAsk: (ask) => (isAsk(ask) ? this.#onAsk(ask) : undefined),
    });
    this.tellPolicies();
  }

  /** How many there were. */
  #takeFinals(): number {
    if (this.#finals === '') return 0;
    const snapshots = this.#reader.take(this.#finals);
    this.adopt(snapshots);
    return snapshots.length;
  }

  #seal(): void {
    if (this.#folder === undefined || this.#finals !== this.#folder.finals) return;
    const sealed = join(this.#folder.path, SEALED_FINALS);
    try {
      renameSync(this.#finals, sealed);
      this.#reader.move(this.#finals, sealed);
      this.#finals = sealed;
    } catch {
      // Windows, a file in it is open: the last look is taken unsealed.
      this.#count('run-folder.unsealed');
    }
  }
}

function isAsk(ask: unknown): ask is PolicyAsk {
  return typeof ask === 'object' && ask !== null && ('change' in ask || 'rollback' in ask);
}
