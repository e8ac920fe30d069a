/** The one error class of the commands: it has a stable code, and its message names the next step. */

/** Exit codes by error code: 2 for a wrong command line, 126 and 127 as in shells, 1 for the rest. */
export const EXIT_CODES = {
  USAGE: 2,
  COMMAND_NOT_FOUND: 127,
  COMMAND_NOT_EXECUTABLE: 126,
  PORT_IN_USE: 1,
  GATEWAY: 1,
  FILE: 1,
  RUN_NOT_FOUND: 1,
  SNAPSHOT_NOT_FOUND: 1,
  STORE: 1,
  NARRATE: 1,
  NETWORK: 1,
  PRICES: 1,
} as const;
export type ErrorCode = keyof typeof EXIT_CODES;

/**
 * Thrown by commands, printed by `cli/main.ts` alone.
 * @example throw new SwarmscopeError('PORT_IN_USE', 'Port 4318 is in use. Choose another with --port, or leave it out.', { cause })
 */
export class SwarmscopeError extends Error {
  override readonly name = 'SwarmscopeError';
  readonly code: ErrorCode;
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.exitCode = EXIT_CODES[code];
  }
}
