/** `--export`: passes requests on to another endpoint, spools what that endpoint cannot take, and counts both. */
import type { Settings } from '../../config/settings/index.ts';
import { maskRequest } from '../../otlp/mask/index.ts';
import { bookSpool, type DiskTally, type Hop } from '../../sdk/supervisor.ts';
import { createForwardSpool, startForwarder, type Forwarder, type Store } from '../../viewer/index.ts';
import { warn } from '../streams.ts';

export interface Forwarding {
  readonly forward: Forwarder['forward'];
  /** The account of what was handed on, for the metrics of the run. */
  hops(): Hop[];
  /** Resolves when nothing waits any more, at the latest after `timeoutMs`. */
  settled(timeoutMs: number): Promise<void>;
  /** Sends or spools what waits, and counts what was given up. */
  finish(): Promise<void>;
}

/** Longest wait for the endpoint at the end of a run. */
const FORWARD_MS = 5_000;

/** `url` is the OTLP/HTTP base URL. */
export function startForwarding(url: string, settings: Settings, store: Store): Forwarding {
  const disk: Readonly<Record<Hop['signal'], DiskTally>> = { traces: { sent: 0, dropped: {} }, logs: { sent: 0, dropped: {} } };
  // What the spool had to give up is named in the report.
  const count = (name: string, by: number, signal: Hop['signal']): void => {
    bookSpool(disk[signal], name, by);
    if (name !== 'spool.sent') store.addLosses({ [`forward.${name}`]: by });
  };
  const spool = createForwardSpool({ settings, baseUrl: url, version: __SWARMSCOPE_VERSION__, count });
  const { headers, timeoutMs } = settings;
  const forwarder = startForwarder({ baseUrl: url, headers, tls: settings, timeoutMs, spool });
  return {
    // Content that other programs sent stays on this machine as ours does.
    forward: (received, items) => forwarder.forward(settings.captureContent !== 'off' ? received : maskRequest(received), items),
    hops: () =>
      (['traces', 'logs'] as const).map((signal) => {
        const { received, sent, dropped } = forwarder.items()[signal];
        return { signal, received, sent: sent + disk[signal].sent, dropped: { ...dropped, ...disk[signal].dropped } };
      }),
    settled: (patienceMs) => forwarder.settled(patienceMs),
    async finish() {
      await forwarder.drain(FORWARD_MS);
      await spool?.finish(FORWARD_MS);
      const { spooledRequests, dropped } = forwarder.counts();
      if (spooledRequests > 0)
        warn(`${forwarder.target} took not all: ${spooledRequests} requests wait on disk and go out with a later run that reaches it.`);
      for (const [reason, requests] of Object.entries(dropped)) store.addLosses({ [`forward.${reason}`]: requests });
    },
  };
}
