/**
 * The real programs of the observability stack, built once by Go from pinned modules into the user's cache: what the
 * stack is tested with.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { argv, env, platform, stderr, stdout } from 'node:process';
import { cacheFolder } from './cache-folder.ts';

interface Program {
  /** Of the program, not of its Go module. */
  readonly version: string;
  /** Counts what went into the same version, so that a cache with less in it is not taken for it; default 1. */
  readonly build?: number;
  /** Go packages by the name of the binary each becomes. The module that pins them is tools/stack/<program>. */
  readonly packages: Readonly<Record<string, string>>;
  readonly tags?: string;
  /** For the linker, beside what leaves debugging out: the version that the program shows. */
  readonly linkerFlags?: string;
  /** Writes the program's main package from builder.yaml beside the module's files: the collector's own builder. */
  readonly builder?: string;
  /** On two quiet cores with nothing downloaded. */
  readonly buildSeconds: number;
}

/** One row per program: a folder with go.mod and go.sum below tools/stack, and a line here. */
export const STACK = {
  prometheus: {
    version: '3.15.0',
    packages: {
      prometheus: 'github.com/prometheus/prometheus/cmd/prometheus',
      promtool: 'github.com/prometheus/prometheus/cmd/promtool',
    },
    // Service discovery of every cloud is most of its size, and nothing here is discovered.
    tags: 'netgo,remove_all_sd',
    buildSeconds: 140,
  },
  otelcol: {
    version: '0.155.0',
    build: 4,
    packages: { otelcol: '.' },
    tags: 'grpcnotrace',
    builder: 'go.opentelemetry.io/collector/cmd/builder@v0.155.0',
    buildSeconds: 100,
  },
  thanos: {
    version: '0.42.2',
    packages: { thanos: 'github.com/thanos-io/thanos/cmd/thanos' },
    // It reads labels as a slice of pairs, whatever Prometheus made of them: without the tag every answer between its processes is a panic.
    tags: 'slicelabels',
    buildSeconds: 180,
  },
  // Its tags are no versions of a Go module: this is the state of a day.
  seaweedfs: { version: '2026-11-09', packages: { weed: 'github.com/seaweedfs/seaweedfs/weed' }, buildSeconds: 300 },
  tempo: { version: '2.8.0', packages: { tempo: 'github.com/grafana/tempo/cmd/tempo' }, buildSeconds: 170 },
  alertmanager: {
    version: '0.31.1',
    packages: {
      alertmanager: 'github.com/prometheus/alertmanager/cmd/alertmanager',
      amtool: 'github.com/prometheus/alertmanager/cmd/amtool',
    },
    buildSeconds: 60,
  },
  pint: { version: '0.87.0', packages: { pint: 'github.com/cloudflare/pint/cmd/pint' }, buildSeconds: 40 },
  compose: { version: '2.40.3', packages: { 'docker-compose': 'github.com/docker/compose/v2/cmd' }, buildSeconds: 90 },
  kustomize: { version: '5.8.2', packages: { kustomize: 'sigs.k8s.io/kustomize/kustomize/v5' }, buildSeconds: 25 },
  etcd: { version: '3.6.16', packages: { etcd: 'go.etcd.io/etcd/server/v3' }, buildSeconds: 20 },
  'kube-apiserver': {
    version: '1.36.3',
    packages: { 'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver' },
    // Without it the server calls itself v0.0.0-master, and features that depend on the version are those of another one.
    linkerFlags: '-X k8s.io/component-base/version.gitVersion=v1.36.3',
    buildSeconds: 140,
  },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof STACK;
export type BinaryName = { [Name in ProgramName]: keyof (typeof STACK)[Name]['packages'] }[ProgramName];

const modules = join(import.meta.dirname, 'stack');
const cache = cacheFolder('stack');
const suffix = platform === 'win32' ? '.exe' : '';
/** Where Go's own installer puts it, for those who did not put it on the PATH. */
const GO_PLACES = ['go', '/usr/local/go/bin/go', '/opt/homebrew/bin/go'];

/**
 * Absolute path of a program; builds it on the first call, in minutes, with lines about it on stderr. Throws what to do
 * when that cannot be.
 *
 * @example spawn(stackBinary('prometheus'), ['--config.file=prometheus.yml']);
 */
export function stackBinary(binary: BinaryName): string {
  const name = programOf(binary);
  const folder = folderOf(name);
  const path = join(folder, `${binary}${suffix}`);
  if (!existsSync(path)) build(name, folder);
  return path;
}

/** Why `stackBinary` would throw at once; undefined when the program is there or can be built. */
export function missingFor(binary: BinaryName): string | undefined {
  const name = programOf(binary);
  if (existsSync(join(folderOf(name), `${binary}${suffix}`))) return undefined;
  const go = findGo(name);
  return 'problem' in go ? go.problem : undefined;
}

/** The Go that builds `name`. Throws what to do when there is none. */
export function goFor(name: ProgramName): string {
  const go = findGo(name);
  if ('problem' in go) throw new Error(go.problem);
  return go.path;
}

function programOf(binary: BinaryName): ProgramName {
  const names = Object.keys(STACK) as ProgramName[];
  const name = names.find((each) => binary in STACK[each].packages);
  if (name === undefined) throw new Error(`No program of the stack has the binary ${binary}; there are ${names.join(', ')}.`);
  return name;
}

function folderOf(name: ProgramName): string {
  const { version, build = 1 }: Program = STACK[name];
  return join(cache, name, build === 1 ? version : `${version}-${build}`);
}

/** The first Go that is new enough for the module of `name`. */
function findGo(name: ProgramName): { path: string } | { problem: string } {
  const wanted = /^go (\d+)\.(\d+)/m.exec(readFileSync(join(modules, name, 'go.mod'), 'utf8')) ?? [];
  const found: string[] = [];
  for (const path of GO_PLACES) {
    const version = versionOf(path);
    if (version === undefined) continue;
    if (isAtLeast(version, wanted)) return { path };
    found.push(version);
  }
  const isThere = found.length === 0 ? 'no Go was found' : `only Go ${found.join(', ')} was found`;
  return {
    problem: `${name} is not in ${folderOf(name)} and cannot be built: ${isThere}. Install Go ${wanted[1]}.${wanted[2]} or newer, put it on the PATH, and run: node tools/stack-binaries.ts ${name}`,
  };
}

function versionOf(path: string): string | undefined {
  try {
    // `local`: a Go that is too old would fetch a newer one.
    return /go(\d+\.\d+)/.exec(execFileSync(path, ['version'], { encoding: 'utf8', env: { ...env, GOTOOLCHAIN: 'local' } }))?.[1];
  } catch {
    // ENOENT: not there.
    return undefined;
  }
}

function isAtLeast(version: string, [, major, minor]: readonly string[]): boolean {
  const [haveMajor = 0, haveMinor = 0] = version.split('.').map(Number);
  return haveMajor > Number(major) || (haveMajor === Number(major) && haveMinor >= Number(minor));
}

function build(name: ProgramName, folder: string): void {
  const go = goFor(name);
  const { version, packages, buildSeconds, ...program }: Program = STACK[name];
  mkdirSync(join(cache, name), { recursive: true });
  const building = mkdtempSync(join(cache, name, 'building-'));
  stderr.write(`building ${name} ${version} with ${go}, about ${buildSeconds} s on two quiet cores\n`);
  const startMs = performance.now();
  try {
    const source = program.builder === undefined ? join(modules, name) : generateSource(go, program.builder, join(modules, name), building);
    for (const [binary, path] of Object.entries(packages)) {
      const tags = program.tags === undefined ? [] : ['-tags', program.tags];
      const linkerFlags = `-ldflags=${['-s -w', program.linkerFlags ?? ''].join(' ').trim()}`;
      execFileSync(go, ['build', '-trimpath', ...tags, linkerFlags, '-o', join(building, `${binary}${suffix}`), path], {
        cwd: source,
        // `readonly`: what go.sum does not know is not built.
        env: { ...env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false', GOTOOLCHAIN: 'local', GOWORK: 'off' },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      stderr.write(`built ${binary} after ${Math.round((performance.now() - startMs) / 1_000)} s\n`);
    }
    rmSync(join(building, 'source'), { recursive: true, force: true });
    moveInto(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

/**
 * The builder writes Go files and a go.mod; ours pins what they need, with checksums. Its own tidy-up asks for test
 * dependencies that nobody has.
 */
function generateSource(go: string, builder: string, module: string, building: string): string {
  const source = join(building, 'source');
  cpSync(module, source, { recursive: true });
  execFileSync(go, ['run', builder, '--config', 'builder.yaml', '--skip-get-modules', '--skip-compilation'], {
    cwd: source,
    env: { ...env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOTOOLCHAIN: 'local', GOWORK: 'off' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const file of ['go.mod', 'go.sum']) cpSync(join(module, file), join(source, '_build', file));
  return join(source, '_build');
}

/** One rename, so that nobody meets half a program; another process may have been faster. */
function moveInto(building: string, folder: string): void {
  try {
    renameSync(building, folder);
  } catch (error) {
    if (!existsSync(folder) || readdirSync(folder).length < readdirSync(building).length) throw error;
  }
}

if (argv[1] === import.meta.filename) {
  const known = Object.keys(STACK) as ProgramName[];
  const asked = argv.slice(2);
  for (const name of asked.length === 0 ? known : asked) {
    const program = known.find((each) => each === name);
    if (program === undefined) throw new Error(`No program of the stack is called ${name}; there are ${known.join(', ')}.`);
    for (const binary of Object.keys(STACK[program].packages) as BinaryName[]) stdout.write(`${stackBinary(binary)}\n`);
  }
}
