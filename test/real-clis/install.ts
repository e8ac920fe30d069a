// Installs the real agent CLIs once per version, each by a project of its own: they are large.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { installProject, type ProjectOptions } from '../harness/install-project.ts';

export interface RealClis {
  /** Path of the `claude` binary. */
  readonly claude: string;
}

const INSTALL = ['install', '--ignore-scripts', '--no-save'];
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

/** Agent CLIs that have a project of their own below this folder. */
export type CliName = 'codex' | 'copilot' | 'gemini' | 'opencode' | 'qwen';

/** What npm is told where `ci` with the lock file alone does not do. */
const MORE: Readonly<Partial<Record<CliName, Pick<ProjectOptions, 'npm' | 'finish'>>>> = {
  // Its lock file names the builds for the systems of those who made it: npm takes the one for another system by the version.
  qwen: { npm: INSTALL },
  opencode: {
    npm: INSTALL,
    // Its own script puts the build for this processor where its command looks for it.
    finish: (fresh) =>
      void execFileSync(process.execPath, ['postinstall.mjs'], {
        cwd: join(fresh, 'node_modules/opencode-ai'),
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
  },
};

/** 100 to 430 MB from the registry the first time. @returns path of the program. Throws with npm's words. */
export function installCli(name: CliName): string {
  const project = join(import.meta.dirname, name);
  const folder = installProject({ project, into: `real-clis/${name}-`, name: `the real ${name}`, isNative: true, ...MORE[name] });
  return join(folder, 'node_modules/.bin', name);
}

/** Where a CLI can neither be found nor installed its tests are left out and say why; in CI that is a failure. */
export function describeWithCli(name: CliName, body: (program: string) => void): void {
  let program = '';
  try {
    program = installCli(name);
  } catch (error) {
    const { message } = error as Error;
    if (process.env['CI'] === 'true') throw error;
    process.stderr.write(`skipped: ${name}: ${message} Run \`npm ci\` in test/real-clis/${name} to see npm's words.\n`);
  }
  (program === '' ? describe.skip : describe)(name, () => body(program));
}
