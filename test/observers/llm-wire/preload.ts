/** A preload with the real hooks and observer, and a recorder that writes what it is told to a file, as JSON lines. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync } from 'node:fs';
import { env } from 'node:process';
import { observer } from '../../../src/observers/llm-wire/index.ts';
import * as lazy from '../../../src/observers/llm-wire/lazy.ts';
import type { ObserverContext } from '../../../src/observers/observer.ts';
import type { LlmCallStart, Recorder } from '../../../src/recording/types.ts';
import { readSettings } from '../../../src/config/settings/index.ts';

const file = env['LLM_WIRE_OUT'] ?? '/dev/null';
const write = (line: object): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
const storage = new AsyncLocalStorage<string>();
// The program under test enters this storage to show that the caller's context is kept.
Object.assign(globalThis, { testContext: storage });

let calls = 0;
const recorder = {
  isContentCaptured: env['LLM_WIRE_CONTENT'] === 'on',
  digest: () => undefined,
  toolFacts: () => ({}),
  current: () => undefined,
  now: () => performance.timeOrigin + performance.now(),
  startLlmCall(start: LlmCallStart) {
    const call = (calls += 1);
    write({ call, kind: 'start', start: { ...start, frame: storage.getStore() } });
    return {
      activity: { startTime: recorder.now(), frame: {} },
      learn: (facts: object) => write({ call, kind: 'learn', facts }),
      learnHead: (head: object) => write({ call, kind: 'head', head }),
      end: (end: object) => write({ call, kind: 'end', end }),
    };
  },
} as unknown as Recorder;

const context: ObserverContext = {
  settings: readSettings({}),
  recorder: () => recorder,
  peek: () => recorder,
  fault: (name, error) => write({ kind: 'fault', name, error: String((error as Error).stack ?? error) }),
  count: (name, by = 1) => write({ kind: 'count', name, by }),
  loadFrom: () => undefined,
};
observer.arm(context, () => lazy);
