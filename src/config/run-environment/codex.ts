/** How Codex is told where to send: it reads no variable for it, only its file and `-c`. */
import { isAbsolute, join } from 'node:path';
import { readSmall } from '../small-file.ts';
import { originOf } from './own-endpoint.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** For the receiver at `endpoint`, before the user's own arguments, so that an equal one of his wins. Values are TOML. */
export function codexArguments(endpoint: string): string[] {
  // It is written into a shell script and into TOML: our own address has none of the characters that mean something there.
  if (originOf(endpoint) === undefined || /["'\\\s]/.test(endpoint)) return [];
  const to = (signal: string): string => `{otlp-http={endpoint="${endpoint}/v1/${signal}",protocol="binary"}}`;
  return [
    `otel.exporter=${to('logs')}`,
    `otel.trace_exporter=${to('traces')}`,
    `otel.metrics_exporter=${to('metrics')}`,
    'otel.log_user_prompt=false',
  ].flatMap((setting) => ['-c', setting]);
}

/**
 * `[otel]`, `[otel.exporter]` or `otel.exporter = …` at the beginning of a line of its file: a pattern of POSIX, for the script in front
 * of it, and of JavaScript but for the class of spaces.
 */
export const CODEX_OTEL_TABLE = '^[[:space:]]*(\\[[[:space:]]*"?otel("|[.]|]|[[:space:]])|"?otel"?[[:space:]]*[.=])';
/** The beginnings of arguments by which the user sets it up. */
export const CODEX_OTEL_ARGUMENTS: readonly string[] = ['', '-c', '--config='].flatMap((option) =>
  ['otel.', 'otel=', '"otel"'].map((key) => `${option}${key}`),
);

const OTEL_TABLE = new RegExp(CODEX_OTEL_TABLE.replaceAll('[[:space:]]', String.raw`\s`), 'm');

/** The user has set up its telemetry, in its file or by these arguments. */
export function isCodexSetUp(environment: Environment, args: readonly string[] = []): boolean {
  if (args.some((arg) => CODEX_OTEL_ARGUMENTS.some((begin) => arg.startsWith(begin)))) return true;
  const { CODEX_HOME = '', HOME = '' } = environment;
  const folder = isAbsolute(CODEX_HOME) ? CODEX_HOME : join(HOME, '.codex');
  return OTEL_TABLE.test(readSmall(join(folder, 'config.toml'))?.text ?? '');
}
