/** Finds the LLM calls among what passes, and tells of each what `protocols/` reads of it. */
import { keyedHash } from '../config/keyed-hash.ts';
import { BackgroundCalls, withoutInference } from '../protocols/background.ts';
import { ExchangeReader } from '../protocols/exchange.ts';
import { resendCountOf, type Headers } from '../protocols/facts/headers.ts';
import { OwnServices } from '../protocols/own-services.ts';
import { isToldByBody, providerOf, regionOf } from '../protocols/providers.ts';
import { recognise } from '../protocols/recognition.ts';
import { isInference, type EpochMs, type LlmAnswer } from '../semconv/telemetry.ts';
import { headerIn } from './headers.ts';
import type { Told } from './messages.ts';
import type { Asked } from './server.ts';
import { createWitness, type Witness } from './witness.ts';

export interface CallsOptions {
  readonly isContentCaptured: boolean;
  readonly hashKey: Uint8Array | undefined;
  readonly llmServices: Readonly<Record<string, string>>;
  readonly tell: (told: Told) => void;
  /** When what is being read came. */
  readonly clock: { now(): EpochMs };
}

/** Of version 00 it has 55 characters. */
const MAX_TRACEPARENT = 128;

export class Calls {
  readonly #options: CallsOptions;
  readonly #own: OwnServices;
  readonly #background = new BackgroundCalls();
  #last = 0;
  #open = 0;

  constructor(options: CallsOptions) {
    this.#options = options;
    this.#own = new OwnServices(options.llmServices, () => this.#count('unknown-protocol'));
  }

  /** Calls under way. */
  get open(): number {
    return this.#open;
  }

  /** undefined for what is no LLM call. */
  witness({ request, client, route: { upstream, path } }: Asked): Witness | undefined {
    const { host, port } = upstream;
    const { method = 'GET', rawHeaders } = request;
    const header = (name: string): string | undefined => headerIn(rawHeaders, name);
    const place = { method, host, port, path, header };
    const own = this.#own.find(place);
    const first = own?.recognised ?? recognise(place);
    if (first === undefined) return undefined;
    let recognised = first;
    const { tell, hashKey, isContentCaptured, clock } = this.#options;
    const call = (this.#last += 1);
    const startTime = clock.now();
    let isTold = false;
    const start = (): void => {
      isTold = true;
      tell({
        type: 'start',
        call,
        client,
        start: {
          operation: recognised.operation.name,
          provider: own?.provider ?? providerOf(place, recognised),
          requestModel: recognised.model,
          responseId: recognised.responseId,
          region: regionOf(host),
          serverAddress: host,
          serverPort: port,
          method,
          resendCount: resendCountOf(place),
          traceparent: header('traceparent')?.slice(0, MAX_TRACEPARENT),
          startTime,
        },
      });
    };
    // At an unknown host only the body of the request can tell that it is a call.
    const isUnsure = own === undefined && isToldByBody(host, recognised);
    this.#open += 1;
    let isOpen = true;
    const settle = (): void => {
      if (isOpen) this.#open -= 1;
      isOpen = false;
    };
    const answeredBy = ({ responseModel: model, server }: LlmAnswer): string | undefined =>
      own?.provider ?? (model === undefined ? undefined : providerOf(place, recognised, { model, server }));
    const end = (answer: LlmAnswer): void => {
      if (isTold) tell({ type: 'end', call, answer: { ...answer, provider: answeredBy(answer) } });
    };
    let requestId: string | undefined;
    const reader: ExchangeReader = new ExchangeReader({
      recognised,
      request: place,
      startTime,
      clock,
      isUnsure,
      isContentCaptured,
      digest: (content) => (hashKey === undefined ? undefined : keyedHash(hashKey, content)),
      onRequest: ({ tools: _, ...facts }, told) => {
        recognised = told;
        if (!isTold) start();
        tell({
          type: 'learn',
          call,
          facts: { ...facts, provider: own?.provider ?? providerOf(place, recognised, { model: facts.requestModel }) },
        });
      },
      onHead: ({ location: __, ...head }) => {
        if (isTold) tell({ type: 'head', call, head, requestId });
      },
      onEnd: (answer) => {
        settle();
        if (!isInference(recognised.operation.name)) {
          end(withoutInference(answer));
          this.#background.learn(answer, []);
        } else if (!this.#background.keep({ end }, answer)) end(answer);
      },
      onUnread: (what, times) => this.#count(what, times),
    });
    if (!isUnsure) start();
    const witness = createWitness({
      reader,
      encoding: header('content-encoding'),
      onFault: () => {
        settle();
        this.#count('fault');
      },
    });
    return {
      ...witness,
      responseHead(status, headers) {
        requestId = requestIdIn({ header: (name) => headerIn(headers, name) });
        witness.responseHead(status, headers);
      },
      end() {
        witness.end();
        settle();
      },
      error(error) {
        witness.error(error);
        settle();
      },
    };
  }

  #count(name: string, times = 1): void {
    this.#options.tell({ type: 'count', name, times });
  }
}

/** By which the provider knows the request; agents tell it of their calls. */
function requestIdIn(answer: Headers): string | undefined {
  return (answer.header('request-id') ?? answer.header('x-request-id'))?.slice(0, 128);
}
