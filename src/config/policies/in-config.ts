/** The policies of a config file, which is taken as a whole or not at all. Pure. */
import { CONFIG_FILE, CONFIG_MEMBERS, type ConfigFile } from '../config-file.ts';
import { problemOf, readPolicies, type PoliciesRead } from './read.ts';

const MAX_SHOWN = 60;

export function policiesIn(config: ConfigFile, observers: readonly string[]): PoliciesRead {
  const unknown = Object.keys(config).find((name) => !CONFIG_MEMBERS.includes(name));
  if (unknown === undefined) return readPolicies(config.policies ?? {}, { mayCapture: false, observers });
  const expected = `one of ${CONFIG_MEMBERS.join(', ')}`;
  return { problem: problemOf(`${CONFIG_FILE}: ${unknown.slice(0, MAX_SHOWN)}`, expected, 'an unknown name', String) };
}
