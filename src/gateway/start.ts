/** Starts the process of the gateway from the one that records, hears what it tells, and starts another where it dies. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { clockText, CLOCK_VARIABLE } from '../config/run-clock.ts';
import { CallBook, type CallRecorder, type OwnerOf } from './call-book.ts';
import { LISTENING_DESCRIPTOR } from './descriptor.ts';
import { holdSocket, type HeldSocket } from './held-socket.ts';
import type { Order, Told } from './messages.ts';
import { addressFor, originOf, planOf, type LeftAlone, type Upstream } from './upstream.ts';

export interface GatewayOptions {
  /** The built `gateway.mjs`. */
  readonly programFile: string;
  /** The user's: his own base URLs, proxies and certificates. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Variables or services that the user has switched off. */
  readonly off: readonly string[];
  /** Default: a free one. */
  readonly port?: number | undefined;
  /** The first part of every path; default: a random one. */
  readonly word?: string | undefined;
  readonly runId: string;
  readonly recorder: CallRecorder;
  readonly ownerOf: OwnerOf;
  readonly isContentCaptured: boolean;
  readonly hashKey: Uint8Array | undefined;
  readonly llmServices: Readonly<Record<string, string>>;
  readonly onWarning: (message: string) => void;
}

export interface Gateway {
  /** What programs are told: base URLs by variable. */
  readonly variables: Readonly<Record<string, string>>;
  /** The user's own values of them; undefined: he has none. */
  readonly theirs: Readonly<Record<string, string | undefined>>;
  readonly leftAlone: readonly LeftAlone[];
  readonly upstreams: readonly Upstream[];
  /** Resolves when all calls that were under way are recorded, at the latest after `timeoutMs`. */
  settle(timeoutMs: number): Promise<void>;
  /** How often something could not be read, by name. */
  counts(): Readonly<Record<string, number>>;
  /** Records no more. The process stays as long as one of the run needs it. */
  release(): void;
  /** The same, and the process ends at once. */
  stop(): void;
  /** Of the base URLs, without the part that names a service. */
  readonly root: string;
}

/** A process of Node starts in 50 ms, on a busy machine in seconds; then it asks the upstreams. */
const START_MS = 30_000;
/** Starts of another process in the place of one that died; more would be the same fault again. */
const MAX_RESTARTS = 5;

/** @throws an error whose `code` or message says why there can be no gateway */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { environment, off, word = randomBytes(9).toString('base64url') } = options;
  const plan = planOf(environment, off);
  const held = holdSocket(options.port ?? 0);
  const running = new Running(options, held, { upstreams: plan.upstreams, word });
  try {
    const unreachable = await running.start();
    const root = `http://127.0.0.1:${held.port}/${word}`;
    const upstreams = plan.upstreams.filter((upstream) => unreachable[originOf(upstream)] === undefined);
    const refused = plan.upstreams.flatMap((upstream): LeftAlone[] => {
      const why = unreachable[originOf(upstream)];
      return why === undefined || upstream.isLocal ? [] : [{ variable: upstream.variable, why: `${upstream.authority}: ${why}` }];
    });
    return {
      variables: Object.fromEntries(upstreams.map((upstream) => [upstream.variable, addressFor(upstream, root)])),
      theirs: Object.fromEntries(upstreams.map(({ variable }) => [variable, environment[variable] || undefined])),
      leftAlone: [...plan.leftAlone, ...refused],
      upstreams,
      settle: (timeoutMs) => running.settle(timeoutMs),
      counts: () => ({ ...running.counts }),
      release: () => running.release(),
      stop: () => running.stop(),
      root,
    };
  } catch (error) {
    running.release();
    throw error;
  }
}

class Running {
  readonly counts: Record<string, number> = {};
  readonly #options: GatewayOptions;
  readonly #held: HeldSocket;
  readonly #place: { readonly upstreams: readonly Upstream[]; readonly word: string };
  #child: ChildProcess | undefined;
  #book: CallBook;
  #restarts = 0;
  #wasReady = false;
  #isReleased = false;
  #onSettled: (() => void) | undefined;

  constructor(options: GatewayOptions, held: HeldSocket, place: { readonly upstreams: readonly Upstream[]; readonly word: string }) {
    this.#options = options;
    this.#held = held;
    this.#place = place;
    this.#book = this.#openBook();
  }

  start(): Promise<Readonly<Record<string, string>>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`it did not start within ${START_MS / 1000} s`)), START_MS);
      const done = (settle: () => void): void => {
        clearTimeout(timer);
        settle();
      };
      this.#spawn({
        isProbing: true,
        onReady: (unreachable) => done(() => resolve(unreachable)),
        onFailed: (why) => done(() => reject(new Error(why))),
      });
    });
  }

  async settle(timeoutMs: number): Promise<void> {
    const child = this.#child;
    // One that was killed has let go of its channel, and tells of its end in a moment: calls under way end with it.
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs + 500);
        this.#onSettled = () => {
          clearTimeout(timer);
          resolve();
        };
        if (child.connected) this.#send(child, { type: 'settle', timeoutMs });
      });
    }
    await this.#book.settled();
  }

  release(): void {
    this.#isReleased = true;
    if (this.#child?.connected === true) this.#child.disconnect();
    this.#onSettled?.();
    this.#held.close();
  }

  stop(): void {
    this.#isReleased = true;
    if (this.#child?.connected === true) this.#send(this.#child, { type: 'leave' });
    this.#held.close();
  }

  #spawn(first: {
    isProbing: boolean;
    onReady: (unreachable: Readonly<Record<string, string>>) => void;
    onFailed: (why: string) => void;
  }): void {
    const { programFile, environment, runId, isContentCaptured, hashKey, llmServices } = this.#options;
    const stdio: ('ignore' | 'ipc' | number)[] = ['ignore', 'ignore', 'ignore', 'ipc'];
    stdio[LISTENING_DESCRIPTOR] = this.#held.descriptor;
    const child = spawn(process.execPath, [programFile], {
      stdio,
      // Ctrl-C and a closed terminal end the program, perhaps in a minute: its calls go on until then.
      detached: true,
      cwd: '/',
      env: { ...environment, NODE_OPTIONS: undefined, SWARMSCOPE_RUN_ID: undefined, [CLOCK_VARIABLE]: clockText() },
    });
    this.#child = child;
    child.unref();
    child.channel?.unref();
    child.once('error', (error) => first.onFailed(error.message));
    child.on('message', (all: readonly Told[]) => {
      for (const told of all) {
        if (told.type === 'ready') {
          this.#wasReady = true;
          first.onReady(told.unreachable);
        } else if (told.type === 'failed') first.onFailed(told.why);
        else this.#hear(told);
      }
    });
    child.once('exit', (code, signal) => {
      this.#onSettled?.();
      this.#book.abandon();
      if (this.#isReleased) return;
      first.onFailed(`it ended at once (${String(signal ?? code)})`);
      if (this.#wasReady) this.#restart(String(signal ?? code));
    });
    this.#send(child, {
      type: 'begin',
      ...this.#place,
      isContentCaptured,
      hashKey: hashKey === undefined ? undefined : Buffer.from(hashKey).toString('hex'),
      llmServices,
      runId,
      isProbing: first.isProbing,
    });
  }

  #openBook(): CallBook {
    return new CallBook(this.#options.recorder, this.#options.ownerOf, (clientPort) => {
      if (this.#child?.connected === true) this.#send(this.#child, { type: 'met', clientPort });
    });
  }

  #restart(how: string): void {
    if (this.#restarts >= MAX_RESTARTS) return;
    this.#restarts += 1;
    this.counts['restarts'] = this.#restarts;
    this.#book = this.#openBook();
    if (this.#restarts === 1) this.#options.onWarning(`The gateway died (${how}) and was started again; the calls under way were cut.`);
    this.#spawn({ isProbing: false, onReady: () => undefined, onFailed: () => undefined });
  }

  #hear(told: Exclude<Told, { type: 'ready' | 'failed' }>): void {
    if (told.type === 'settled') this.#onSettled?.();
    else if (told.type === 'client') this.#book.meet(told.client);
    else if (told.type === 'count') this.counts[told.name] = (this.counts[told.name] ?? 0) + told.times;
    else this.#book.take(told);
  }

  #send(child: ChildProcess, order: Order): void {
    // It may die at any moment; `exit` tells.
    child.send(order, () => undefined);
  }
}
