/** Records what the process of the gateway tells of calls, each below the process at the other end of its connection. */
import {
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_PROCESS_EXECUTABLE_NAME,
  ATTR_PROCESS_PID,
  ATTR_SWARMSCOPE_OBSERVER_NAME,
} from '../semconv/index.ts';
import type { Attributes, EpochMs, LlmAnswer, LlmHead, LlmOperation, LlmRequest } from '../semconv/telemetry.ts';
import type { ClientConnection, Told } from './messages.ts';

/** The process at the other end of a connection. */
export interface Owner {
  readonly pid: number;
  /** W3C traceparent of the span below which its calls hang; undefined: below the span that a call names, else below the run. */
  readonly traceparent?: string | undefined;
  /** Name of its program. */
  readonly program?: string | undefined;
}

/** Who opened a connection; asked when it is accepted, and again for a call where that found nobody. undefined: not known. */
export type OwnerOf = (connection: ClientConnection) => Promise<Owner | undefined>;

interface RecordedCall {
  learn(facts: LlmRequest & { provider?: string }): void;
  learnHead(head: LlmHead): void;
  end(end: LlmAnswer & { provider?: string | undefined }): void;
  readonly activity: { set(attributes: Attributes): void };
}

/** What the gateway needs of a recorder. */
export interface CallRecorder {
  startLlmCall(start: {
    operation: LlmOperation;
    provider: string;
    requestModel?: string | undefined;
    attributes?: Attributes | undefined;
    region?: string | undefined;
    serverAddress?: string | undefined;
    serverPort?: number | undefined;
    method?: string | undefined;
    resendCount?: number | undefined;
    startTime?: EpochMs | undefined;
    /** undefined: below the run. */
    traceparent: string | undefined;
    onCut: (errorType: string) => void;
  }): RecordedCall;
}

/** Longest time that a call waits for its owner; then it is recorded below the run. */
const OWNER_MS = 6_000;
/** Connections whose owner is remembered; a program opens one and uses it again. */
const MAX_CLIENTS = 10_000;
/** Calls held at once; protects the memory from a client that opens calls without an end. */
const MAX_OPEN = 10_000;

type CallTold = Exclude<Told, { type: 'ready' | 'failed' | 'client' | 'count' | 'settled' }>;
type StartTold = Extract<Told, { type: 'start' }>;

interface OpenCall {
  /** undefined while its owner is being asked for. */
  recorded: RecordedCall | undefined;
  readonly waiting: Exclude<CallTold, StartTold>[];
}

export class CallBook {
  readonly #recorder: CallRecorder;
  readonly #ownerOf: OwnerOf;
  readonly #onMet: (clientPort: number) => void;
  readonly #calls = new Map<number, OpenCall>();
  readonly #asking = new Set<Promise<void>>();
  /** By the port of the client: who opened its newest connection. */
  readonly #owners = new Map<number, Promise<Owner | undefined>>();

  /** `onMet` is told when the connection from a port need not stay open any longer. */
  constructor(recorder: CallRecorder, ownerOf: OwnerOf, onMet: (clientPort: number) => void = () => undefined) {
    this.#recorder = recorder;
    this.#ownerOf = ownerOf;
    this.#onMet = onMet;
  }

  /** A client has connected; a short one is gone in a moment. */
  meet(client: ClientConnection): void {
    const [oldest] = this.#owners.size < MAX_CLIENTS ? [] : this.#owners.keys();
    if (oldest !== undefined) this.#owners.delete(oldest);
    this.#owners.delete(client.clientPort);
    const asked = withDeadline(this.#ownerOf(client));
    this.#owners.set(client.clientPort, asked);
    void asked.then(() => this.#onMet(client.clientPort));
  }

  take(told: CallTold): void {
    if (told.type === 'start') return this.#start(told);
    const call = this.#calls.get(told.call);
    if (call === undefined) return;
    if (call.recorded === undefined) call.waiting.push(told);
    else this.#apply(told, call.recorded);
  }

  /** Resolves when no call waits for its owner any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#asking);
  }

  /** The process of the gateway has died, and with it the connections of its calls. */
  abandon(): void {
    const answer = { errorType: 'gateway_died' };
    for (const [call, { recorded, waiting }] of this.#calls) {
      this.#calls.delete(call);
      if (recorded === undefined) waiting.push({ type: 'end', call, answer });
      else recorded.end(answer);
    }
  }

  #start(told: StartTold): void {
    if (this.#calls.size >= MAX_OPEN) return;
    const call: OpenCall = { recorded: undefined, waiting: [] };
    this.#calls.set(told.call, call);
    const asked = this.#ownerFor(told.client).then((owner) => {
      call.recorded = this.#record(told, owner);
      for (const each of call.waiting.splice(0)) this.#apply(each, call.recorded);
    });
    this.#asking.add(asked);
    void asked.finally(() => this.#asking.delete(asked));
  }

  async #ownerFor(client: ClientConnection): Promise<Owner | undefined> {
    return (await this.#owners.get(client.clientPort)) ?? (await withDeadline(this.#ownerOf(client)));
  }

  #record({ call, start }: StartTold, owner: Owner | undefined): RecordedCall {
    const { responseId, traceparent, ...known } = start;
    const recorded = this.#recorder.startLlmCall({
      ...known,
      traceparent: owner?.traceparent ?? traceparent,
      attributes: {
        [ATTR_SWARMSCOPE_OBSERVER_NAME]: 'gateway',
        [ATTR_GEN_AI_RESPONSE_ID]: responseId,
        [ATTR_PROCESS_PID]: owner?.pid,
        [ATTR_PROCESS_EXECUTABLE_NAME]: owner?.program,
      },
      onCut: (errorType) => {
        this.#calls.delete(call);
        recorded.end({ errorType });
      },
    });
    return recorded;
  }

  #apply(told: Exclude<CallTold, StartTold>, recorded: RecordedCall): void {
    if (told.type === 'learn') recorded.learn(told.facts);
    else if (told.type === 'head') recorded.learnHead({ ...told.head, requestId: told.requestId });
    else {
      this.#calls.delete(told.call);
      recorded.end(told.answer);
    }
  }
}

function withDeadline(asked: Promise<Owner | undefined>): Promise<Owner | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), OWNER_MS);
    const done = (owner: Owner | undefined): void => {
      clearTimeout(timer);
      resolve(owner);
    };
    asked.then(done, () => done(undefined));
  });
}
