/** The form of results.json: what was seen of each library, as docs/llm.md shows it. */
export interface RowResult {
  /** With its version, and with what it speaks through. */
  readonly library: string;
  readonly speaks: string;
  /** By mode: the letters of the facts that were right. */
  readonly cells: Record<string, string>;
  /** Facts that the service does not tell, and why. */
  readonly untold?: Readonly<Record<string, string>>;
}

/** By the id of the row. */
export type Results = Record<string, RowResult>;
