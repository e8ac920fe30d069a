// Installs the real agent CLIs of this project once per version, into the user's cache folder.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const project = import.meta.dirname;
const cacheBase = process.env['XDG_CACHE_HOME'] ?? '';
const cache = join(cacheBase === '' ? join(homedir(), '.cache') : cacheBase, 'swarmscope', 'real-clis');

export interface RealClis {
  /** Path of the `claude` binary. */
  readonly claude: string;
}

/** Installs what package-lock.json names, unless it is there. Some 250 MB from the registry the first time. Throws with npm's words. */
export function installRealClis(): RealClis {
  const version = createHash('sha256')
    .update(readFileSync(join(project, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex')
    .slice(0, 16);
  const folder = join(cache, version);
  if (!existsSync(join(folder, 'installed'))) install(folder);
  return { claude: join(folder, 'node_modules/@anthropic-ai/claude-code/bin/claude.exe') };
}

function install(folder: string): void {
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'new-'));
  try {
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(project, name), join(fresh, name));
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: fresh, stdio: ['ignore', 'pipe', 'pipe'] });
    // An npm that runs no install scripts leaves a placeholder where the binary belongs; the package's own script puts it there.
    execFileSync(process.execPath, ['install.cjs'], {
      cwd: join(fresh, 'node_modules/@anthropic-ai/claude-code'),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    mkdirSync(join(fresh, 'installed'));
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another process has installed the same version meanwhile.
    if (existsSync(join(folder, 'installed'))) return;
    throw new Error('the real agent CLIs could not be installed; is the npm registry reachable?', { cause: error });
  }
}
