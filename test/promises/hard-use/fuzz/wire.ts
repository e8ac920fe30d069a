// One call through the real observer and the real recorder: bytes in, the one span and its metrics' attributes out.
import { WireCalls } from '../../../../src/observers/llm-wire/lazy.ts';
import type { ObserverContext } from '../../../../src/observers/observer.ts';
import { startRecording, type Recording } from '../../../recording/recorder.ts';

export interface WireInput {
  readonly path: string;
  readonly request: readonly Buffer[];
  readonly contentType: string;
  readonly status: number;
  readonly answer: readonly Buffer[];
  readonly ending: 'end' | 'error' | 'abort';
}

export interface WireOutput {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly measured: readonly unknown[];
  readonly counts: readonly (readonly [string, number])[];
}

/** Longest span name: operation and a bounded model. */
const MAX_NAME_CHARACTERS = 600;

/** Throws when anything throws, when there is not exactly one span, or when something is left open. */
export function callThrough(input: WireInput, isContentCaptured: boolean): WireOutput {
  const measured: unknown[] = [];
  const recording = startRecording({
    env: isContentCaptured ? { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' } : {},
    change: (assembly) => ({ ...assembly, meter: listening(assembly.meter, (value) => measured.push(value)) }),
    fault: (_, error) => {
      throw error;
    },
  });
  const call = new WireCalls(contextOf(recording)).open({
    method: 'POST',
    host: 'api.example.com',
    port: 443,
    path: input.path,
    header: () => undefined,
  });
  if (call === undefined) throw new Error(`${input.path} was not recognised`);
  for (const chunk of input.request) call.requestBody(chunk);
  call.requestEnd();
  call.responseHead({ status: input.status, header: (name) => (name === 'content-type' ? input.contentType : undefined) }, () => undefined);
  for (const chunk of input.answer) call.responseChunk(chunk);
  if (input.ending === 'end') call.end(0);
  else call.error(input.ending === 'abort' ? { name: 'AbortError' } : new Error('socket hang up'), 0);
  const spans = recording.spans().filter(({ name }) => !name.startsWith('execute_tool'));
  const [span] = spans;
  if (span === undefined || spans.length > 1) throw new Error(`${spans.length} spans`);
  if (span.name.length > MAX_NAME_CHARACTERS) throw new Error(`a span's name of ${span.name.length} characters`);
  const open = recording.state.held()['recording.open'];
  if (open !== 0) throw new Error(`${open} left open`);
  const faults = [...recording.counts.keys()].filter((name) => name.startsWith('recording.fault'));
  if (faults.length > 0) throw new Error(faults.join(', '));
  return { name: span.name, attributes: span.attributes, measured, counts: [...recording.counts] };
}

function contextOf({ recorder, counts }: Recording): ObserverContext {
  return {
    settings: recorder.settings,
    recorder: () => recorder,
    peek: () => recorder,
    loadFrom: () => undefined,
    fault: (_, error) => {
      throw error;
    },
    count: (name, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by),
  };
}

type Meter = Parameters<NonNullable<Parameters<typeof startRecording>[0]>['change'] & object>[0]['meter'];

/** The meter, and every value with its attributes told. */
function listening(meter: Meter, told: (value: unknown) => void): Meter {
  const instrument = (
    name: string,
  ): { add(value: number, attributes?: object): void; record(value: number, attributes?: object): void } => {
    const take = (value: number, attributes?: object): void => told({ [`${name}.count`]: value, attributes });
    return { add: take, record: take };
  };
  return new Proxy(meter, { get: () => instrument });
}
