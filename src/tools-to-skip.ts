/** Programs that inherit NODE_OPTIONS and are not swarms: package managers, compilers, linters. */
import { realpathSync } from 'node:fs';

const NAMES =
  'npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack|node-gyp|tsc|tsserver|eslint|prettier|biome|esbuild|webpack|webpack-cli|rollup|husky|lint-staged';
/** A script in a tool's own package; Debian keeps packages in `nodejs`. A program of the same file name is elsewhere. */
const PACKAGES =
  /[\\/](?:node_modules|nodejs)[\\/](?:npm|pnpm|yarn|corepack|node-gyp|typescript|eslint|prettier|@biomejs[\\/]biome|esbuild|webpack|webpack-cli|rollup|husky|lint-staged)[\\/](?!(?:.*[\\/])?node_modules[\\/])/;
/** Package managers outside of a package: what corepack or pnpm fetched, what a repository or an image holds. */
const MANAGERS =
  /[\\/](?:\.yarn|@yarnpkg|\.?corepack|(?:pnpm|yarn)-?v?[\d.]*)[\\/](?:.*[\\/])?(?:pnpm|pnpx|yarn|yarnpkg|corepack)\.[cm]?js$/;
const YARN_BUNDLE = /[\\/]yarn-[\d.]+(?:-\w+)?\.[cm]?js$/;
const NPM_SCRIPTS = /[\\/](?:npm-cli|npx-cli|npm-prefix)\.js$|[\\/](?:npm|npx)$/;
/** What stands in a folder of commands leads to its package. */
const COMMANDS = new RegExp(`[\\\\/](?:${NAMES})$`);

/** Whether the script at `path` (argv[1]) is such a tool. */
export function isTool(path: string | undefined): boolean {
  if (path === undefined) return false;
  if (isToolFile(path)) return true;
  if (!COMMANDS.test(path)) return false;
  try {
    return isToolFile(realpathSync(path));
  } catch {
    // ENOENT: Node will say so.
    return false;
  }
}

function isToolFile(path: string): boolean {
  return PACKAGES.test(path) || NPM_SCRIPTS.test(path) || MANAGERS.test(path) || YARN_BUNDLE.test(path);
}
