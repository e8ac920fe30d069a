/** The error of bytes that are not OTLP, or more of it than is read. */

/** `code` is stable; `cause` keeps the original error. */
export class OtlpError extends Error {
  readonly code: 'malformed' | 'truncated' | 'too_deep' | 'too_many';

  constructor(code: OtlpError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OtlpError';
    this.code = code;
  }
}
