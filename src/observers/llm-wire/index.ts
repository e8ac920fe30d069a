/** LLM calls, read on the wire: no SDK and no `fetch` is patched, so every client is seen alike. */
import { subscribeHttpExchanges } from '../../hooks/http-exchange.ts';
import type { Observer } from '../observer.ts';
import { WireCall } from './call.ts';
import { recognise } from './recognition.ts';
import { ToolGaps } from './tool-gaps.ts';

const NAME = 'llm-wire';

export const observer: Observer = {
  name: NAME,
  arm(context) {
    let isOff = false;
    const tools = new ToolGaps();
    subscribeHttpExchanges({
      wants(request) {
        const recognised = isOff ? undefined : recognise(request);
        const recorder = recognised === undefined ? undefined : context.recorder();
        if (recognised === undefined || recorder === undefined) return undefined;
        return new WireCall({ context, recorder, request, recognised, tools });
      },
      onFault(error) {
        isOff = true;
        context.fault(NAME, error);
      },
    });
  },
};
