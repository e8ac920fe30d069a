/** Agents whose telemetry the user has set up in their own files, which our variables would win over. */
import { join } from 'node:path';
import { readSmall } from '../small-file.ts';

export type ConfiguredAgent = 'claude' | 'gemini' | 'qwen';

/** Files of a machine and of a home folder; those of a project belong to whoever works in it. */
const FILES: readonly { readonly agent: ConfiguredAgent; readonly paths: (home: string) => readonly string[]; readonly mark: RegExp }[] = [
  {
    agent: 'claude',
    paths: (home) => [join(home, '.claude/settings.json'), '/etc/claude-code/managed-settings.json'],
    mark: /"(?:CLAUDE_CODE_ENABLE_TELEMETRY|BETA_TRACING_ENDPOINT)"/,
  },
  { agent: 'gemini', paths: (home) => [join(home, '.gemini/settings.json'), '/etc/gemini-cli/settings.json'], mark: /"telemetry"/ },
  { agent: 'qwen', paths: (home) => [join(home, '.qwen/settings.json'), '/etc/qwen-code/settings.json'], mark: /"telemetry"/ },
];

export function setUpInFiles(home: string): ReadonlySet<ConfiguredAgent> {
  const found = FILES.filter(({ paths, mark }) => paths(home).some((path) => mark.test(readSmall(path)?.text ?? '')));
  return new Set(found.map(({ agent }) => agent));
}
