// Installs the real agent CLIs of this project once per version.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { installProject } from '../harness/install-project.ts';

export interface RealClis {
  /** Path of the `claude` binary. */
  readonly claude: string;
}

const CLAUDE = 'node_modules/@anthropic-ai/claude-code';

/**
 * Installs what package-lock.json names, unless it is there. Some 250 MB from the registry the first time. Throws with
 * npm's words.
 */
export function installRealClis(): RealClis {
  const folder = installProject({
    project: import.meta.dirname,
    into: 'real-clis/',
    name: 'the real agent CLIs',
    npm: ['ci'],
    isNative: true,
    // An npm that runs no install scripts leaves a placeholder where the binary belongs; the package's own script puts
    // it there.
    finish: (fresh) => execFileSync(process.execPath, ['install.cjs'], { cwd: join(fresh, CLAUDE), stdio: ['ignore', 'pipe', 'pipe'] }),
  });
  return { claude: join(folder, CLAUDE, 'bin/claude.exe') };
}
