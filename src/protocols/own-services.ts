/** Services that the user's settings name: whose they are, and what they speak where their paths do not tell it. */
import * as catalogue from './catalogue.ts';
import type { Protocol } from './protocol.ts';
import { recognise, type Recognised } from './recognition.ts';

interface Service {
  /** In lower case; `*.` before it stands for any name below. */
  readonly host: string;
  /** `undefined` for every port. */
  readonly port: number | undefined;
  /** What its paths begin with. */
  readonly path: string;
  readonly protocol: Protocol | undefined;
  readonly provider: string | undefined;
}

interface Place {
  readonly method: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

export interface OwnService {
  /** What the request is; `undefined` where only the provider is named. */
  readonly recognised: Recognised | undefined;
  readonly provider: string | undefined;
}

export class OwnServices {
  readonly #services: readonly Service[];

  /** `settings` as `SWARMSCOPE_LLM_SERVICES` has them; `onUnknown` is told of what names no protocol. */
  constructor(settings: Readonly<Record<string, string>>, onUnknown: () => void) {
    this.#services = Object.entries(settings)
      .map(([place, service]) => read(place, service, onUnknown))
      .sort((one, other) => other.path.length - one.path.length || other.host.length - one.host.length);
  }

  find({ method, host, port, path }: Place): OwnService | undefined {
    const name = host.toLowerCase();
    const service = this.#services.find((each) => fits(each, name) && (each.port ?? port) === port && path.startsWith(each.path));
    if (service === undefined) return undefined;
    const { protocol, provider } = service;
    if (protocol === undefined) return { recognised: undefined, provider };
    const recognised = recognise({ method, path });
    if (recognised?.protocol === protocol) return { recognised, provider };
    const [operation] = protocol.operations;
    return { provider, recognised: operation === undefined || method !== 'POST' ? undefined : { protocol, operation, model: undefined } };
  }
}

function fits({ host }: Service, name: string): boolean {
  return host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host;
}

function read(place: string, service: string, onUnknown: () => void): Service {
  const slash = place.indexOf('/');
  const [host = '', port] = (slash === -1 ? place : place.slice(0, slash)).toLowerCase().split(':');
  const [protocolName = '', provider] = service.split('@');
  const protocol = protocolName === '' ? undefined : byName().get(protocolName);
  if (protocol === undefined && protocolName !== '') onUnknown();
  return { host, port: port === undefined ? undefined : Number(port), path: slash === -1 ? '' : place.slice(slash), protocol, provider };
}

/** As their folders are called. */
function byName(): ReadonlyMap<string, Protocol> {
  const kebab = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return new Map(Object.entries<Protocol>(catalogue).map(([key, protocol]) => [kebab(key), protocol]));
}
