/** `--gateway`: starts the gateway beside the program, and says what it could not do. The program runs in every case. */
import { fileURLToPath } from 'node:url';
import { isCaptured } from '../../config/settings/capture.ts';
import { sparingLoopback, theirsText } from '../../config/gateway-variables.ts';
import type { Settings } from '../../config/settings/index.ts';
import { startedWith } from '../../config/started-with.ts';
import { startGateway, type CallRecorder, type Gateway, type OwnerOf } from '../../gateway/index.ts';
import type { Supervisor } from '../../sdk/supervisor.ts';
import { warn } from '../streams.ts';
import type { Parts } from './parts.ts';

export interface GatewayPart {
  /** What the environment of the program gains. */
  readonly environment: Readonly<Record<string, string>>;
  readonly gateway: Gateway;
  /** The program has ended: what was under way is recorded, and the gateway stays for those that go on. */
  finish(): Promise<void>;
  /** The same where no program goes on. */
  stop(): Promise<void>;
}

export interface GatewayPlace extends Pick<Parts, 'run' | 'store'> {
  readonly supervisor: Supervisor;
  readonly settings: Settings;
  readonly ownerOf?: OwnerOf;
  /** Default: the supervisor's. */
  readonly recorder?: CallRecorder;
  readonly port?: number | undefined;
  readonly word?: string | undefined;
}

/** Longest wait for calls whose program has ended. */
const SETTLE_MS = 1_000;

/** undefined where it cannot start; the report then says so. */
export async function openGateway(place: GatewayPlace): Promise<GatewayPart | undefined> {
  try {
    return await beginGateway(place);
  } catch (error) {
    const why = reasonOf(error);
    warn(`The gateway could not be started (${why}): the program runs without it.`);
    place.store.addLosses({ [`gateway not started (${why}): calls of other languages`]: 1 });
    return undefined;
  }
}

export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

/** Throws what {@link startGateway} throws. */
export async function beginGateway({ supervisor, settings, run, store, ...more }: GatewayPlace): Promise<GatewayPart> {
  const { ownerOf = () => Promise.resolve(undefined), recorder = supervisor.calls, port, word } = more;
  const gateway = await startGateway({
    programFile: fileURLToPath(new URL('./gateway.mjs', import.meta.url)),
    environment: startedWith,
    off: settings.gatewayOff,
    port,
    word,
    runId: run.id,
    recorder,
    ownerOf,
    isContentCaptured: isCaptured(settings.captureContent),
    hashKey: supervisor.hashKey(),
    llmServices: settings.llmServices,
    onWarning: warn,
  });
  if (gateway.leftAlone.length > 0) {
    const each = gateway.leftAlone.map(({ variable, why }) => `${variable} (${why})`);
    warn(`The gateway leaves alone what it cannot reach: ${each.join(', ')}.`);
  }
  store.noteGateway();
  const book = (): void => {
    for (const [name, times] of Object.entries(gateway.counts())) store.addLosses({ [`gateway.${name}`]: times });
  };
  return {
    gateway,
    environment: { ...gateway.variables, ...sparingLoopback(startedWith), SWARMSCOPE_GATEWAY_THEIRS: theirsText(gateway.theirs) },
    async finish() {
      await gateway.settle(SETTLE_MS);
      book();
      gateway.release();
    },
    async stop() {
      await gateway.settle(0);
      book();
      gateway.stop();
    },
  };
}
