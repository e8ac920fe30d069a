/** Reads what a receiver answered: how many items it rejected, and why. */
import type { Signal } from '../../config/settings/index.ts';
import { REJECTED_NAME, type Encoding } from '../request.ts';
import { fieldsOf } from './wire-reader.ts';

export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const NOTHING: PartialSuccess = { rejected: 0, message: '' };

/** Never throws: an answer that cannot be read is a full success, which is what the status said. */
export function readPartialSuccess(body: Buffer, signal: Signal, encoding: Encoding): PartialSuccess {
  if (body.length === 0) return NOTHING;
  try {
    return encoding === 'json' ? readJson(body, REJECTED_NAME[signal]) : readProtobuf(body);
  } catch {
    // Not OTLP: a proxy answered with its own text.
    return NOTHING;
  }
}

function readJson(body: Buffer, rejectedName: string): PartialSuccess {
  const { partialSuccess = {} } = JSON.parse(body.toString('utf8')) as { partialSuccess?: Record<string, unknown> };
  const rejected = Number(partialSuccess[rejectedName] ?? 0);
  const message = partialSuccess['errorMessage'];
  return { rejected: Number.isFinite(rejected) ? rejected : 0, message: typeof message === 'string' ? message : '' };
}

function readProtobuf(body: Buffer): PartialSuccess {
  let { rejected, message } = NOTHING;
  for (const answer of fieldsOf(body)) {
    if (answer.field !== 1 || answer.payload === undefined) continue;
    for (const { field, number, payload } of fieldsOf(answer.payload)) {
      if (field === 1) rejected = number ?? 0;
      if (field === 2) message = payload?.toString('utf8') ?? '';
    }
  }
  return { rejected, message };
}
