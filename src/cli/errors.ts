/** What a command says when it cannot do what was asked: one class, a stable code, the next step in the message. */

/** Code to exit code: 2 the command line is wrong, 126 and 127 as shells have them, 1 the rest. */
export const EXIT_CODES = {
  USAGE: 2,
  COMMAND_NOT_FOUND: 127,
  COMMAND_NOT_EXECUTABLE: 126,
  PORT_IN_USE: 1,
  FILE: 1,
  RUN_NOT_FOUND: 1,
  STORE: 1,
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
