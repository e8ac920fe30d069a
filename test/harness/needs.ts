// Cases that need a program which a machine with git, Node and npm may lack.
import { spawnSync } from 'node:child_process';
import { test } from '@jest/globals';
import { LEAVES_OUT } from '../../tools/check/environment.ts';

interface Need {
  /** A command line that succeeds where the program is there and may be used. */
  readonly probe: readonly [command: string, ...args: string[]];
  readonly howToGet: string;
}

const NEEDS = {
  chromium: { probe: ['chromium', '--version'], howToGet: "install Debian's chromium (apt-get install chromium)" },
  curl: { probe: ['curl', '--version'], howToGet: "install Debian's curl" },
  go: { probe: ['go', 'version'], howToGet: 'install Go 1.26 or newer' },
  make: { probe: ['make', '--version'], howToGet: "install Debian's make" },
  openssl: { probe: ['openssl', 'version'], howToGet: "install Debian's openssl" },
  ps: { probe: ['ps'], howToGet: "install Debian's procps" },
  python3: { probe: ['python3', '--version'], howToGet: "install Debian's python3" },
  root: { probe: ['sh', '-c', 'test "$(id -u)" = 0'], howToGet: 'run the tests as root' },
  redis: { probe: ['redis-server', '--version'], howToGet: "install Debian's redis-server" },
  script: { probe: ['script', '-qec', 'true', '/dev/null'], howToGet: 'install script(1) of util-linux' },
  faketime: { probe: ['faketime', '-m', '-f', '+0', 'true'], howToGet: "install Debian's faketime" },
  tmux: { probe: ['tmux', '-V'], howToGet: "install Debian's tmux" },
  'Linux namespaces': { probe: ['readlink', '/proc/self/ns/pid'], howToGet: 'run the tests on Linux' },
  'unshare as root': {
    probe: ['unshare', '--pid', '--fork', '--mount-proc', 'true'],
    howToGet: 'install unshare(1) of util-linux and run the tests as root',
  },
  'networks and mounts as root': {
    probe: ['unshare', '--net', '--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt'],
    howToGet: 'install unshare(1) of util-linux and run the tests as root',
  },
  'user namespaces': {
    probe: ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--mount-proc', 'true'],
    howToGet: 'install unshare(1) of util-linux and allow user namespaces',
  },
} as const satisfies Record<string, Need>;

export type NeedName = keyof typeof NEEDS;

/** What is missing and how to get it; undefined when the program is there. */
export function missingNeed(name: NeedName): string | undefined {
  const { probe, howToGet } = NEEDS[name];
  const [command, ...args] = probe;
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0 ? undefined : `${name}: ${howToGet}`;
}

/**
 * Defines a case as `test` does. Where the program is missing, `npm test` leaves the case out and names it at its end;
 * anywhere else, CI included,
 * the case fails and says what to do.
 */
export function testWith(need: NeedName, title: string, body: () => Promise<void> | void, timeoutMs?: number): void {
  const missing = missingNeed(need);
  if (missing === undefined) test(title, body, timeoutMs);
  else if (process.env[LEAVES_OUT] === '1') test.skip(`${title} (needs ${missing})`, body);
  else
    test(title, () => {
      throw new Error(`This case needs ${missing}`);
    });
}
