/** One conclusion of `doctor`, and what to do next. */
export interface Finding {
  readonly level: 'ok' | 'note' | 'problem';
  readonly text: string;
  /** A command to try, or a setting to change. */
  readonly next?: string;
}
