/** Where the calls of one variable go: the user's own value, else the provider's. */
import { BASE_VARIABLES, type BaseVariable } from './variables.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Plain data: it crosses to the process of the gateway. */
export interface Upstream {
  readonly variable: string;
  /** The part of the gateway's path by which it is known. */
  readonly service: string;
  readonly isSecure: boolean;
  /** IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** As the `Host` header of a request writes it. */
  readonly authority: string;
  /** What the base URL has after its host, without a slash at the end: the program appends to it. */
  readonly basePath: string;
  /** First words of paths before which `/v1` is put. */
  readonly versionless: readonly string[];
  readonly isLocal: boolean;
}

export interface Planned {
  readonly upstreams: readonly Upstream[];
  /** Variables that are left alone, and why, for the user. */
  readonly leftAlone: readonly LeftAlone[];
}

export interface LeftAlone {
  readonly variable: string;
  readonly why: string;
}

/**
 * `off` names variables or services that the user has switched off. Nothing is asked here.
 * @example planOf({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }, []).upstreams[0]?.port === 9
 */
export function planOf(environment: Environment, off: readonly string[]): Planned {
  const upstreams: Upstream[] = [];
  const leftAlone: LeftAlone[] = [];
  for (const row of BASE_VARIABLES) {
    if (off.includes(row.name) || off.includes(row.service)) continue;
    const theirs = (environment[row.name] ?? '').trim();
    const isWanted = theirs !== '' || row.when === 'always' || (row.keys ?? []).some((key) => (environment[key] ?? '') !== '');
    const base = theirs === '' ? row.usual : theirs;
    if (!isWanted || base === undefined) continue;
    const upstream = upstreamOf(row, base, theirs !== '');
    if (upstream === undefined) leftAlone.push({ variable: row.name, why: 'its value is no http or https address' });
    else upstreams.push(upstream);
  }
  return { upstreams, leftAlone };
}

function upstreamOf(row: BaseVariable, base: string, isTheirs: boolean): Upstream | undefined {
  // Ollama's is a host with or without a scheme, and without a port it means 11434.
  const text = row.isListenAddress === true && !/^https?:\/\//i.test(base) ? `http://${withPort(base)}` : base;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || url.search !== '') return undefined;
  const isSecure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    variable: row.name,
    service: row.service,
    isSecure,
    // What a server listens on in all of its networks is reached by the loopback one.
    host: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host,
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    authority: url.host,
    basePath: url.pathname.replace(/\/+$/, ''),
    versionless: isTheirs ? [] : (row.versionless ?? []),
    isLocal: row.isLocal === true && !isTheirs,
  };
}

function withPort(host: string): string {
  return /:\d+$/.test(host) ? host : `${host}:11434`;
}

/** What the variable is set to, for a gateway at `root` (no slash at its end). */
export function addressFor({ service, basePath }: Pick<Upstream, 'service' | 'basePath'>, root: string): string {
  return `${root}/${service}${basePath}`;
}

/** One request to the place that several variables lead to is enough. */
export function originOf({ isSecure, authority }: Pick<Upstream, 'isSecure' | 'authority'>): string {
  return `${isSecure ? 'https' : 'http'}://${authority}`;
}
