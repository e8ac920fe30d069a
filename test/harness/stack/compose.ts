// What docker-compose.yml starts each program with: the stack test starts it with the same flags and variables, with
// other paths.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repository } from '../paths.ts';

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ComposeCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** As for somebody without a .env file: `${NAME:-default}` is its default, `${NAME:+text}` nothing. Throws when there is no such service. */
export function composeCall(service: string): ComposeCall {
  const { services } = parse(readFileSync(join(repository, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
    services: Record<string, Service>;
  };
  const found = services[service];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${service}`);
  const plain = (text: string): string => String(text).replaceAll(/\$\{\w+:(?:-([^}]*)|\+[^}]*)\}/g, '$1');
  return {
    args: (found.command ?? []).map(plain),
    env: Object.fromEntries(Object.entries(found.environment ?? {}).map(([name, value]) => [name, plain(value)])),
  };
}
