// docker-compose.yml as the real `docker-compose config` reads it, and beside what the same programs are started with in the other tests. No engine runs here.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { PARTS as DOCTOR_PARTS } from '../../src/cli/doctor/stack/parts.ts';
import { missingFor, STACK, stackBinary, type ProgramName } from '../../tools/stack-binaries.ts';
import { freshFolder } from '../harness/index.ts';
import { START_LIMIT_MS } from '../harness/stack/index.ts';
import { PARTS, PORT_NAMES, type PartName, type Ports } from '../harness/stack/parts.ts';
import { repository } from '../harness/paths.ts';

interface Mount {
  readonly type: 'bind' | 'volume' | 'tmpfs';
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
}

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly command: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly Mount[];
  readonly ports?: readonly { readonly host_ip?: string; readonly target: number; readonly published: string }[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly secrets?: readonly { readonly source: string }[];
  readonly deploy?: { readonly resources?: { readonly limits?: { readonly memory?: string } } };
}

interface Config {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** What runs once and ends. */
const ONE_SHOT = ['queue-init'];
/** Who is root, and why. */
const ROOTS: Readonly<Record<string, string>> = {
  'queue-init': 'gives a fresh volume to the user of the collector, and ends',
  'gpu-exporter': 'profiling counters of the driver ask for SYS_ADMIN',
};
/** Who has no health check of its own, and who is asked for it. */
const ASKED_BY: Readonly<Record<string, string>> = { 'otel-collector': 'otel-collector-health' };

const missing = missingFor('docker-compose');
if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);
if (missing !== undefined) process.stderr.write(`skipped: ${missing}\n`);
const withCompose = missing === undefined ? describe : describe.skip;

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

const configs = new Map<string, Config>();

/** With the variables of `envText` as the .env file, and no others. */
function config(envText: string, profiles: readonly string[] = []): Config {
  const key = JSON.stringify([envText, profiles]);
  const known = configs.get(key);
  if (known !== undefined) return known;
  const envFile = join(freshFolder('compose'), '.env');
  writeFileSync(envFile, envText);
  const text = execFileSync(
    stackBinary('docker-compose'),
    ['--env-file', envFile, ...profiles.flatMap((profile) => ['--profile', profile]), 'config', '--format', 'json'],
    { cwd: repository, encoding: 'utf8', env: { HOME: freshFolder('home'), PATH: process.env['PATH'] } },
  );
  const made = JSON.parse(text) as Config;
  configs.set(key, made);
  return made;
}

withCompose('docker-compose.yml', () => {
  const example = read('.env.example');
  // The first use may build it.
  const plain = (): Config => config('');
  const everything = (): Config => config('', ['gpu']);
  const servicesOf = (from: Config): [string, Service][] => Object.entries(from.services);

  test(
    'is taken by docker compose, with the profile gpu and without',
    () => {
      const usual = ['alertmanager', 'grafana', 'otel-collector', 'otel-collector-health', 'prometheus', 'queue-init', 'tempo'];
      expect(Object.keys(plain().services).sort()).toEqual(usual);
      expect(Object.keys(everything().services).sort()).toEqual([...usual, 'gpu-exporter'].sort());
    },
    START_LIMIT_MS,
  );

  describe('.env.example', () => {
    test('copied as it is changes nothing', () => {
      expect(config(example)).toEqual(plain());
      expect(config(example, ['gpu'])).toEqual(everything());
    });

    test.each([...example.matchAll(/^(\w+)=(.+)$/gm)].map(([, name = '', value = '']) => [name, value]))(
      '%s does something',
      (name, value) => {
        const other = name.endsWith('_PORT') ? String(Number(value) + 1) : `${value}x`;
        expect(config(`${name}=${other}`, ['gpu'])).not.toEqual(everything());
      },
    );

    test('holds every variable that the file reads', () => {
      const used = [...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
      for (const name of used) expect(example).toMatch(new RegExp(`^(# )?${String(name)}=`, 'm'));
    });

    test('the two lines for GPUs start the exporter and show it to Prometheus', () => {
      const { services } = config(example.replaceAll(/^# (\w+=)/gm, '$1'));
      expect(Object.keys(services)).toContain('gpu-exporter');
      const targets = services['prometheus']?.volumes?.find(({ target }) => target === '/etc/prometheus/targets');
      expect(read(join(relative(repository, targets?.source ?? ''), 'gpu.yaml'))).toContain("targets: ['gpu-exporter:9400']");
    });
  });

  describe('every service', () => {
    // By name, so that there are rows also where docker-compose is missing.
    const { services: written } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, unknown> };
    const named = Object.keys(written);
    const serviceOf = (name: string): Service => everything().services[name] as Service;

    test.each(named)('%s is pinned, bounded and shut', (name) => {
      const service = serviceOf(name);
      expect(service.image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*$/);
      expect(Number(service.deploy?.resources?.limits?.memory)).toBeGreaterThan(0);
      expect([service.read_only, service.cap_drop, service.security_opt]).toEqual([true, ['ALL'], ['no-new-privileges:true']]);
      for (const port of service.ports ?? []) expect([port.target, port.host_ip]).toEqual([port.target, '127.0.0.1']);
      if (Object.hasOwn(ROOTS, name)) expect(service.user ?? '0:0').toBe('0:0');
      else expect(Number((service.user ?? '0').split(':')[0])).toBeGreaterThan(0);
      expect(service.restart).toBe(ONE_SHOT.includes(name) ? undefined : 'unless-stopped');
    });

    test.each(named.filter((name) => !ONE_SHOT.includes(name) && name !== 'gpu-exporter'))('%s has a health check', (name) => {
      const asked = serviceOf(ASKED_BY[name] ?? name).healthcheck?.test.join(' ') ?? '';
      expect(asked).toMatch(
        Object.values(ASKED_BY).includes(name) || name in ASKED_BY ? /http:\/\/otel-collector:13133/ : /127\.0\.0\.1|-health/,
      );
    });

    test.each(named)('%s mounts what is in the repository, read-only, and volumes that are declared', (name) => {
      const { volumes = [] } = serviceOf(name);
      const { volumes: declared } = plain();
      const tracked = execFileSync('git', ['ls-files'], { cwd: repository, encoding: 'utf8' }).split('\n');
      for (const { type, source, target, read_only: isReadOnly } of volumes) {
        if (type === 'volume') expect(Object.keys(declared)).toContain(source);
        else {
          const path = relative(repository, source);
          expect([target, tracked.some((each) => each === path || each.startsWith(`${path}/`)), isReadOnly]).toEqual([target, true, true]);
          expect(existsSync(source)).toBe(true);
        }
      }
    });
  });

  describe.each(Object.keys(PARTS) as PartName[])('%s is started as in the tests of the stack', (part) => {
    const folder = '/folder-of-the-part';
    const ports = Object.fromEntries(PORT_NAMES.map((name, index) => [name, 20_000 + index])) as unknown as Ports;
    const { service, call, readyUrl } = PARTS[part];
    const inTests = call({ options: {}, parts: [part], ports, folder, sinkUrl: '' });
    const inCompose = (): Service => plain().services[service] as Service;

    test('with the same flags', () => {
      const flagOf = (arg: string): string => arg.split('=')[0] ?? '';
      // Where something lies differs.
      const valueOf = (arg: string): string => (arg.includes('/') ? flagOf(arg) : arg);
      // An address, and a wait that is only shortened.
      const args = inTests.args.filter((arg) => !/^--(web\.listen-address|rules\.alert\.resend-delay)=/.test(arg));
      expect(args.map(valueOf)).toEqual(inCompose().command?.map(valueOf));
    });

    test('with the same variables, but for addresses and folders', () => {
      const given = inCompose().environment ?? {};
      const isPlace = (name: string): boolean => /_PORT$|_HOST$|_DIR$|_ENDPOINT$|_OTLP$/.test(name);
      const others = Object.entries(inTests.env).filter(([name]) => !isPlace(name));
      expect(Object.fromEntries(others)).toEqual(Object.fromEntries(Object.entries(given).filter(([name]) => !isPlace(name))));
      for (const name of Object.keys(given)) expect(Object.keys(inTests.env)).toContain(name);
    });

    test('and its health check asks what the tests wait for', () => {
      const asked = plain().services[ASKED_BY[service] ?? service]?.healthcheck?.test ?? [];
      // Tempo asks itself at /ready.
      const url = asked.includes('-health') ? 'http://127.0.0.1:3200/ready' : (asked.at(-1) ?? '');
      expect(new URL(url).pathname).toBe(new URL(readyUrl(ports)).pathname);
    });
  });

  test('whoever names another program names a service and a port at which it listens', () => {
    const listening: Readonly<Record<string, readonly number[]>> = {
      'otel-collector': [...read('otel-collector.yaml').matchAll(/\$\{env:\w*PORT:-(\d+)\}/g)].map(([, port]) => Number(port)),
      prometheus: [9090],
      alertmanager: [9093],
      tempo: [
        Number(/http_listen_port: (\d+)/.exec(read('tempo.yaml'))?.[1]),
        Number(/endpoint: '0\.0\.0\.0:(\d+)'/.exec(read('tempo.yaml'))?.[1]),
      ],
      grafana: [3000],
      'gpu-exporter': [9400],
    };
    const files = [
      'prometheus/prometheus.yml',
      'prometheus/targets-gpu/gpu.yaml',
      'otel-collector.yaml',
      'grafana/provisioning/datasources/datasources.yaml',
    ];
    const calls = files.flatMap((file) =>
      [...read(file).matchAll(new RegExp(`\\b(${Object.keys(listening).join('|')}):(\\d{4,5})\\b`, 'g'))].map(
        ([, name = '', port]) => [name, Number(port)] as const,
      ),
    );
    expect(calls.length).toBeGreaterThanOrEqual(10);
    for (const [name, port] of calls) expect([name, listening[name]]).toEqual([name, expect.arrayContaining([port])]);
    for (const [name, { ports = [] }] of servicesOf(everything()))
      for (const { target } of ports) expect([name, listening[name]]).toEqual([name, expect.arrayContaining([target])]);
  });

  test('only OTLP and Grafana are published; doctor --stack knows where, and as which data source it finds the rest', () => {
    const published = servicesOf(everything()).flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port.published}`));
    expect(published.sort()).toEqual(['grafana 3000', 'otel-collector 4317', 'otel-collector 4318']);
    const { datasources } = parse(read('grafana/provisioning/datasources/datasources.yaml')) as {
      datasources: { uid: string; url: string }[];
    };
    for (const part of Object.values(DOCTOR_PARTS)) {
      const { port } = new URL(part.url);
      if ('source' in part)
        expect(datasources).toContainEqual(expect.objectContaining({ uid: part.source, url: `http://${part.service}:${port}` }));
      else if (!('isAskedWhenNamed' in part)) expect(published).toContain(`${part.service} ${port}`);
    }
  });

  test('Prometheus answers no page, and Grafana knows one name of itself, with the port that is published', () => {
    expect(plain().services['prometheus']?.command).toContain('--web.cors.origin=none');
    const { environment } = config('GRAFANA_PORT=3001').services['grafana'] as Service;
    expect(environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: 'false',
      GF_SERVER_ENFORCE_DOMAIN: 'true',
      GF_SERVER_DOMAIN: 'localhost',
      GF_SERVER_ROOT_URL: 'http://localhost:3001/',
    });
  });

  test('OTLP_TOKEN in .env adds the file that asks for it, and without the line there is no second file', () => {
    const collectorOf = (envText: string): Service => config(envText).services['otel-collector'] as Service;
    const main = '--config=/etc/otelcol/config.yaml';
    expect(collectorOf('')).toMatchObject({ command: [main, main], environment: { OTLP_TOKEN: '' } });
    const { command, environment, volumes } = collectorOf('OTLP_TOKEN=007');
    expect(command).toEqual([main, '--config=/etc/otelcol/config-token.yaml']);
    expect(environment?.['OTLP_TOKEN']).toBe('007');
    const mounted = volumes?.find(({ target }) => target === '/etc/otelcol/config-token.yaml');
    expect(relative(repository, mounted?.source ?? '')).toBe('otel-collector.token.yaml');
  });

  test('an image whose version is not the tested one stands in the list "Checked on paper", and no other', () => {
    const programs: Readonly<Record<string, ProgramName>> = {
      'prom/prometheus': 'prometheus',
      'prom/alertmanager': 'alertmanager',
      'grafana/tempo': 'tempo',
      'otel/opentelemetry-collector-contrib': 'otelcol',
    };
    const section = /^## Checked on paper$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(read('docs/stack.md'))?.[1] ?? '';
    const listed = [...section.matchAll(/^\| `([\w./-]+:[\w.-]+)` \|/gm)].map(([, image]) => image);
    const untested = servicesOf(everything())
      .map(([, { image }]) => image)
      .filter((image) => {
        const [name = '', tag = ''] = image.split(':');
        const program = programs[name];
        return program === undefined || STACK[program].version !== tag.replace(/^v/, '');
      });
    expect(listed.sort()).toEqual([...new Set(untested)].sort());
  });

  test("the README's command makes the password of Grafana: new each time, in a folder for its owner, and the file readable by Grafana's user", () => {
    const command = /^mkdir .*secrets\/grafana_admin.*$/m.exec(read('README.md'))?.[0] ?? 'false';
    const made = ['022', '077'].map((umask) => {
      const folder = freshFolder('secret');
      execFileSync('bash', ['-c', `umask ${umask}\n${command}`], { cwd: folder });
      const secret = join(folder, 'secrets/grafana_admin');
      expect([statSync(join(folder, 'secrets')).mode & 0o777, statSync(secret).mode & 0o777]).toEqual([0o700, 0o644]);
      return readFileSync(secret, 'utf8');
    });
    for (const password of made) expect(password).toMatch(/^[\w+/=]{24,}\n$/);
    expect(new Set(made).size).toBe(2);
    const { secrets, services } = plain();
    expect(relative(repository, secrets['grafana_admin']?.file ?? '')).toBe('secrets/grafana_admin');
    expect(services['grafana']?.secrets?.map(({ source }) => source)).toEqual(['grafana_admin']);
    expect(services['grafana']?.environment?.['GF_SECURITY_ADMIN_PASSWORD__FILE']).toBe('/run/secrets/grafana_admin');
    expect(read('.gitignore').split('\n')).toEqual(expect.arrayContaining(['secrets/', '.env']));
  });
});
