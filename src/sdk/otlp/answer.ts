/** Reads what a receiver answered: how many items it rejected, and why. */

export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const NOTHING: PartialSuccess = { rejected: 0, message: '' };

/** Never throws: an answer that cannot be read is a full success, which is what the status said. */
export function readPartialSuccess(body: Uint8Array, isJson: boolean): PartialSuccess {
  if (body.length === 0) return NOTHING;
  try {
    return isJson ? readJson(body) : readProtobuf(body);
  } catch {
    // Not OTLP: a proxy answered with its own text.
    return NOTHING;
  }
}

function readJson(body: Uint8Array): PartialSuccess {
  const parsed = JSON.parse(Buffer.from(body).toString('utf8')) as { partialSuccess?: Record<string, unknown> };
  const partial = parsed.partialSuccess ?? {};
  const rejected = Number(partial['rejectedSpans'] ?? partial['rejectedDataPoints'] ?? partial['rejectedLogRecords'] ?? 0);
  return {
    rejected: Number.isFinite(rejected) ? rejected : 0,
    message: typeof partial['errorMessage'] === 'string' ? partial['errorMessage'] : '',
  };
}

function readProtobuf(body: Uint8Array): PartialSuccess {
  const partial = readFields(body).find(([field]) => field === 1)?.[1];
  if (!(partial instanceof Uint8Array)) return NOTHING;
  let rejected = 0;
  let message = '';
  for (const [field, value] of readFields(partial)) {
    if (field === 1 && typeof value === 'number') rejected = value;
    if (field === 2 && value instanceof Uint8Array) message = Buffer.from(value).toString('utf8');
  }
  return { rejected, message };
}

function readFields(bytes: Uint8Array): [field: number, value: number | Uint8Array][] {
  const fields: [number, number | Uint8Array][] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('truncated');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const type = tag & 7;
    if (type === 0) fields.push([tag >>> 3, varint()]);
    else if (type === 2) {
      const length = varint();
      fields.push([tag >>> 3, bytes.subarray(at, at + length)]);
      at += length;
    } else at += type === 1 ? 8 : 4;
  }
  return fields;
}
