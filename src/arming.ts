/** Arms the observers: subscribes to channels and hooks; everything heavier is loaded at the first event worth recording. */
import { join } from 'node:path';
import { readSettings } from './config/settings.ts';
import { startedWith } from './config/started-with.ts';
import { unobserved } from './hooks/child-process.ts';
import { observers } from './observers/armed.ts';
import type { createRecorder, RecorderState } from './recording/index.ts';
import type { PricingRoom } from './recording/cost.ts';
import type { Assembly, Recorder } from './recording/types.ts';
import { installRuntime, type Runtime } from './runtime.ts';
import type { createProcess } from './sdk/index.ts';

/** Distinct counter names kept: ours are few; protects from a name made of data. */
const MAX_COUNTS = 256;

const settings = readSettings(startedWith);
const counts = new Map<string, number>();
const faults = new Map<string, string>();
const armed: string[] = [];
let recorder: Recorder | undefined;
let isRecorderTried = false;

function count(name: string, by = 1): void {
  if (counts.has(name) || counts.size < MAX_COUNTS) counts.set(name, (counts.get(name) ?? 0) + by);
}

function fault(observer: string, error: unknown): void {
  if (faults.has(observer) || faults.size >= MAX_COUNTS) return;
  faults.set(observer, error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : String(error).slice(0, 200));
  if (settings.logLevel === 'debug' || settings.logLevel === 'all') process.stderr.write(`swarmscope: ${observer}: ${String(error)}\n`);
}

function load(bundle: string): unknown {
  return require(join(__dirname, bundle)) as unknown;
}

function loadAssembly(state: RecorderState): Assembly {
  const room = load('assembly.cjs') as { createProcess: typeof createProcess };
  return room.createProcess({ settings, version: __SWARMSCOPE_VERSION__, state, counts, faults, observers: armed, problems: settings.problems, unobserved });
}

function loadRecorder(): Recorder | undefined {
  if (isRecorderTried) return recorder;
  isRecorderTried = true;
  try {
    const room = load('recorder.cjs') as { createRecorder: typeof createRecorder };
    recorder = room.createRecorder({
      settings,
      loadAssembly,
      loadPricing: () => load('prices.cjs') as PricingRoom,
      traceparent: startedWith['TRACEPARENT'],
      tracestate: startedWith['TRACESTATE'],
      count,
    });
  } catch (error) {
    fault('recorder', error);
  }
  return recorder;
}


const runtime: Runtime = { version: __SWARMSCOPE_VERSION__, settings, recorder: loadRecorder, counts, faults, observers: armed, unobserved };
installRuntime(runtime);

for (const observer of observers) {
  if (settings.observersOff.includes(observer.name)) continue;
  try {
    observer.arm({ settings, recorder: loadRecorder, peek: () => recorder, fault, count });
    armed.push(observer.name);
  } catch (error) {
    fault(observer.name, error);
  }
}
