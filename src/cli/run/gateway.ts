/** `--gateway`: starts the gateway beside the program, and says what it could not do. The program runs in every case. */
import { fileURLToPath } from 'node:url';
import { isCaptured } from '../../config/settings/capture.ts';
import { sparingLoopback, theirsText } from '../../config/gateway-variables.ts';
import type { Settings } from '../../config/settings/index.ts';
import { startedWith } from '../../config/started-with.ts';
import { startGateway, type Gateway, type OwnerOf } from '../../gateway/index.ts';
import type { Supervisor } from '../../sdk/supervisor.ts';
import { warn } from '../streams.ts';
import type { Parts } from './parts.ts';

export interface GatewayPart {
  /** What the environment of the program gains. */
  readonly environment: Readonly<Record<string, string>>;
  readonly gateway: Gateway;
  /** The program has ended: what was under way is recorded, and the gateway stays for those that go on. */
  finish(): Promise<void>;
  release(): void;
}

export interface GatewayPlace extends Pick<Parts, 'run' | 'store'> {
  readonly supervisor: Supervisor;
  readonly settings: Settings;
  readonly ownerOf?: OwnerOf;
  readonly port?: number | undefined;
  readonly word?: string | undefined;
}

/** Longest wait for calls whose program has ended. */
const SETTLE_MS = 1_000;

/** undefined where it cannot start; the report then says so. */
export async function openGateway({ supervisor, settings, run, store, ...more }: GatewayPlace): Promise<GatewayPart | undefined> {
  const { ownerOf = () => Promise.resolve(undefined), port, word } = more;
  let gateway: Gateway;
  try {
    gateway = await startGateway({
      programFile: fileURLToPath(new URL('./gateway.mjs', import.meta.url)),
      environment: startedWith,
      off: settings.gatewayOff,
      port,
      word,
      runId: run.id,
      recorder: supervisor.calls,
      ownerOf,
      isContentCaptured: isCaptured(settings.captureContent),
      hashKey: supervisor.hashKey(),
      llmServices: settings.llmServices,
      onWarning: warn,
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    warn(`The gateway could not be started (${code ?? message}): the program runs without it.`);
    store.addLosses({ [`gateway not started (${code ?? message}), calls of other languages`]: 1 });
    return undefined;
  }
  if (gateway.leftAlone.length > 0) {
    const each = gateway.leftAlone.map(({ variable, why }) => `${variable} (${why})`);
    warn(`The gateway leaves alone what it cannot reach: ${each.join(', ')}.`);
  }
  const release = (): void => {
    for (const [name, times] of Object.entries(gateway.counts())) store.addLosses({ [`gateway.${name}`]: times });
    gateway.release();
  };
  return {
    gateway,
    environment: { ...gateway.variables, ...sparingLoopback(startedWith), SWARMSCOPE_GATEWAY_THEIRS: theirsText(gateway.theirs) },
    async finish() {
      await gateway.settle(SETTLE_MS);
      release();
    },
    release,
  };
}
