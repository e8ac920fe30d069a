/** Calls that the observer reads, made without a network: their requests and answers go through its sinks. */
import type { ExchangeRequest } from '../../../src/hooks/http/index.ts';
import { WireCalls } from '../../../src/observers/llm-wire/lazy.ts';
import type { ObserverContext } from '../../../src/observers/observer.ts';
import type { Activity } from '../../../src/recording/types.ts';
import { startRecording, type RecordingOptions } from '../../recording/recorder.ts';

export interface Made {
  readonly method?: string;
  readonly url?: string;
  /** As JSON; absent for a request without a body. */
  readonly asked?: object;
  readonly answered?: object;
  /** Instead of `answered`; comes in pieces of seven bytes. */
  readonly answeredText?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answerHeaders?: Readonly<Record<string, string>>;
  readonly by?: Activity;
}

export function startCalls(options: RecordingOptions & { readonly url?: string } = {}) {
  const recording = startRecording(options);
  const { recorder, advance } = recording;
  const counts = new Map<string, number>();
  const context: Partial<ObserverContext> = {
    settings: recorder.settings,
    recorder: () => recorder,
    count: (name, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by),
  };
  const calls = new WireCalls(context as ObserverContext);

  function open({ method = 'POST', url = options.url ?? 'https://api.openai.com/v1/responses', headers = {}, by }: Made) {
    const { hostname, port, pathname, search } = new URL(url);
    const request: ExchangeRequest = {
      method,
      host: hostname,
      port: port === '' ? 443 : Number(port),
      path: pathname + search,
      header: (name) => headers[name],
    };
    return by === undefined ? calls.open(request) : recorder.within(by.frame, () => calls.open(request));
  }

  /** One call of 10 ms. False where nobody listened to it. */
  function call(made: Made): boolean {
    const sink = open(made);
    if (sink === undefined) return false;
    if (made.asked !== undefined) sink.requestBody(Buffer.from(JSON.stringify(made.asked)));
    sink.requestEnd();
    advance(10);
    const answerHeaders: Readonly<Record<string, string>> = { 'content-type': 'application/json', ...made.answerHeaders };
    const header = (name: string): string | undefined => answerHeaders[name];
    sink.responseHead({ status: made.status ?? 200, header }, () => undefined);
    if (made.answeredText === undefined) sink.responseChunk(Buffer.from(JSON.stringify(made.answered ?? {})));
    else for (const piece of made.answeredText.match(/[^]{1,7}/g) ?? []) sink.responseChunk(Buffer.from(piece));
    sink.end(0);
    return true;
  }

  return { ...recording, counts, open, call };
}
