/** Which signal a message carries: by its member names in JSON, by the first item in protobuf, whose requests are framed alike. */
import type { Signal } from '../../config/settings/index.ts';
import { fieldsOf } from '../../otlp/read/index.ts';
import { LIST_NAMES } from '../../otlp/request.ts';

export const SIGNALS: readonly Signal[] = ['traces', 'metrics', 'logs'];

/** All that are named in it, since one object may hold several. A name inside a text is no harm: nothing is found under it then. */
export function signalsInJson(bytes: Buffer): Signal[] {
  return SIGNALS.filter((signal) => bytes.includes(`"${LIST_NAMES[signal][0]}"`));
}

/** Undefined: there is no item that tells. */
export function signalOfProtobuf(bytes: Buffer): Signal | undefined {
  for (const resource of fieldsOf(bytes)) {
    if (resource.field !== 1 || resource.payload === undefined) continue;
    for (const scope of fieldsOf(resource.payload)) {
      if (scope.field !== 2 || scope.payload === undefined) continue;
      for (const item of fieldsOf(scope.payload)) if (item.field === 2 && item.payload !== undefined) return signalOfItem(item.payload);
    }
  }
  return undefined;
}

/** By its times, which are fixed64: 7 and 8 in a span, 1 and 11 in a record; a metric has its times in its points. */
function signalOfItem(item: Buffer): Signal {
  let signal: Signal = 'metrics';
  for (const { field, payload, number } of fieldsOf(item)) {
    if (payload !== undefined || number !== undefined) continue;
    if (field === 7 || field === 8) return 'traces';
    if (field === 1 || field === 11) signal = 'logs';
  }
  return signal;
}
