/** Watches the Vercel AI SDK: its diagnostics channel from 7 on, a tracer handed to `generateText` and `streamText` before. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';
import { subscribeModule } from '../../hooks/module-load.ts';
import type { Frame } from '../../recording/types.ts';
import type { Observer } from '../observer.ts';

const NAME = 'ai-sdk';
/** Published by AI SDK 7, also inside of a bundle. */
const CHANNEL = 'tracing:ai:telemetry';
const FILE = /\/node_modules\/ai\/dist\/index\.m?js$/;
/** Its agents are loops of the AI SDK. */
const VOLTAGENT = /\/node_modules\/@voltagent\/core\/dist\/index\.m?js$/;

const VOLTAGENT_METHODS = ['generateText', 'streamText', 'generateObject', 'streamObject'];

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'AI SDK 5 to 7, and VoltAgent on it: loops of generateText, streamText and agents, tools',
  how: 'channel',
  arm(context, lazy) {
    const places = new AsyncLocalStorage<Frame | undefined>();
    let watching: ReturnType<ReturnType<typeof lazy>['watch']> | undefined;
    const watch = () => (watching ??= lazy().watch(context, places));
    // A store that throws would be an uncaught exception of the app's.
    channel(`${CHANNEL}:start`).bindStore(places, (message) => {
      try {
        return watch().started(message);
      } catch (error) {
        context.fault(NAME, error);
        return places.getStore();
      }
    });
    channel(`${CHANNEL}:asyncEnd`).subscribe((message) => watching?.ended(message));
    for (const binding of ['generateText', 'streamText'])
      subscribeModule({ name: `${NAME}.${binding}`, file: FILE, binding }, (found) => watch().operation(found));
    for (const binding of ['ToolLoopAgent', 'Agent'])
      subscribeModule({ name: `${NAME}.${binding}`, file: FILE, binding }, (found) => watch().agentClass(found));
    subscribeModule({ name: `${NAME}.voltagent`, file: VOLTAGENT, binding: 'Agent' }, (found) =>
      watch().agentClass(found, VOLTAGENT_METHODS),
    );
  },
};
