/** When a call began. */
import { expect, test } from '@jest/globals';
import type { ExchangeRequest } from '../../../src/hooks/http-exchange.ts';
import type { ObserverContext } from '../../../src/observers/observer.ts';
import { WireCalls } from '../../../src/observers/llm-wire/room.ts';
import type { LlmCallStart, Recorder } from '../../../src/recording/types.ts';

test('a call began when its request was seen, not when our rooms had been loaded for it', () => {
  const starts: LlmCallStart[] = [];
  const recorder: Partial<Recorder> = {
    isContentCaptured: false,
    current: () => undefined,
    now: () => 9_000,
    startLlmCall(start) {
      starts.push(start);
      return { activity: undefined, learn: () => undefined, end: () => undefined } as never;
    },
  };
  const context: Partial<ObserverContext> = { recorder: () => recorder as Recorder };
  const request: Partial<ExchangeRequest> = { method: 'POST', path: '/v1/chat/completions', host: 'api.openai.com', port: 443, header: () => undefined };
  expect(new WireCalls(context as ObserverContext).open(request as ExchangeRequest, 8_900)).toBeDefined();
  expect(starts.map(({ startTime }) => startTime)).toEqual([8_900]);
});
