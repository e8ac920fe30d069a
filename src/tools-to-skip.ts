/** Programs that inherit NODE_OPTIONS and are not swarms: package managers, compilers, linters. */

const SCRIPTS =
  /[\\/](?:npm-cli|npx-cli|npm-prefix|pnpm|pnpx|yarn|yarnpkg|corepack|node-gyp|tsc|tsserver|eslint|prettier|biome|esbuild|webpack|rollup|husky|lint-staged)(?:\.[cm]?js)?$/;
const YARN_BUNDLE = /[\\/]yarn-[\d.]+(?:-\w+)?\.[cm]?js$/;
const BARE_NAMES = /[\\/](?:npm|npx)$/;

/** Whether the script at `path` (argv[1]) is such a tool. */
export function isTool(path: string | undefined): boolean {
  return path !== undefined && (SCRIPTS.test(path) || YARN_BUNDLE.test(path) || BARE_NAMES.test(path));
}
