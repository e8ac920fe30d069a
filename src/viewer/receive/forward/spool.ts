/** The spool of `swarmscope run --export`: the same files as of processes that send to that endpoint themselves. */
import { cancel, laterHeld } from '../../../config/originals.ts';
import type { Settings } from '../../../config/settings/index.ts';
import { resolveTarget } from '../../../otlp/post/index.ts';
import { MAX_UNPACKED_BYTES } from '../../../otlp/read/index.ts';
import { encodingOf, type OtlpRequest } from '../../../otlp/request.ts';
import { openDestination, type DestinationSpool } from '../../../otlp/spool/index.ts';

/** Keeps on disk what would be dropped for want of an answer. */
export interface ForwardSpool {
  /** False: it does not keep this, or cannot. */
  keep(request: OtlpRequest, items: number): boolean;
  /** The receiver takes requests of this kind. */
  onTaken(request: OtlpRequest): void;
  /** Sends what waits within `timeoutMs`, if the endpoint has answered in this run; nothing is sent afterwards. */
  finish(timeoutMs: number): Promise<void>;
}

export interface ForwardSpoolOptions {
  readonly settings: Settings;
  /** OTLP base URL; may hold a user and password. */
  readonly baseUrl: string;
  readonly version: string;
  /** Items by what became of them, and of which signal. */
  readonly count: (name: string, by: number, signal: 'traces' | 'logs') => void;
}

/** Undefined: the spool is switched off. */
export function createForwardSpool({ settings, baseUrl, version, count }: ForwardSpoolOptions): ForwardSpool | undefined {
  if (settings.spoolMaxBytes === 0) return undefined;
  const spools = new Map<string, DestinationSpool>();
  let hasAnswered = false;

  function spoolOf({ signal, contentType }: OtlpRequest): DestinationSpool {
    const protocol = encodingOf(contentType) === 'json' ? 'http/json' : 'http/protobuf';
    const key = `${signal} ${protocol}`;
    const known = spools.get(key);
    if (known !== undefined) return known;
    const target = resolveTarget(settingsFor(settings, baseUrl, protocol), signal, `swarmscope/${version}`);
    const made = openDestination({
      settings,
      target,
      count: (name, by) => count(name, by, signal === 'traces' ? 'traces' : 'logs'),
    });
    spools.set(key, made);
    return made;
  }

  return {
    keep(request, items) {
      const body = request.signal === 'metrics' ? undefined : plainBody(request);
      return body !== undefined && spoolOf(request).keep({ body, items });
    },
    onTaken(request) {
      hasAnswered = true;
      if (request.signal !== 'metrics') spoolOf(request).onTaken();
    },
    async finish(timeoutMs) {
      if (hasAnswered) await within(timeoutMs, Promise.all([...spools.values()].map((spool) => spool.finished())));
      for (const spool of spools.values()) spool.close();
    },
  };
}

/** A process that is told to send there itself has the same destination. */
function settingsFor(settings: Settings, baseUrl: string, protocol: Settings['protocol']): Settings {
  const base = new URL(baseUrl);
  base.search = '';
  const given = new Set([...settings.given].filter((name) => name !== 'tracesProtocol' && name !== 'logsProtocol'));
  const own = { tracesEndpoint: '', logsEndpoint: '', tracesHeaders: {}, logsHeaders: {} };
  return { ...settings, ...own, ownEndpoint: '', endpoint: base.href, protocol, given };
}

/** The spool holds plain bytes; the sender compresses as the settings say. */
function plainBody({ body, contentEncoding }: OtlpRequest): Buffer | undefined {
  if (contentEncoding === undefined) return body;
  try {
    return contentEncoding === 'gzip'
      ? process.getBuiltinModule('node:zlib').gunzipSync(body, { maxOutputLength: MAX_UNPACKED_BYTES })
      : undefined;
  } catch {
    // It was stored once, so it can be read; if not it is not worth keeping.
    return undefined;
  }
}

function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = laterHeld(timeoutMs, resolve);
    void work.finally(() => {
      cancel(timer);
      resolve();
    });
  });
}
