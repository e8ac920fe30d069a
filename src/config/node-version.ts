/** The oldest Node that the preload and the commands work on. */

export const NEEDED_NODE = '22.15';

/** @example isNodeRecentEnough('22.14.0') // false */
export function isNodeRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 15);
}
