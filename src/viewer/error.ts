/** The one error class of the local view: a stable code, and a message that says what to do next. */

export type ViewerErrorCode =
  | 'port_in_use'
  | 'listen_failed'
  | 'store_corrupt'
  | 'store_odd'
  | 'store_newer'
  | 'store_locked'
  | 'store_unwritable'
  | 'store_full'
  | 'run_not_found'
  | 'page_missing'
  | 'bad_run_id';

/** `code` is stable; `cause` keeps the original error. */
export class ViewerError extends Error {
  readonly code: ViewerErrorCode;

  constructor(code: ViewerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ViewerError';
    this.code = code;
  }
}
