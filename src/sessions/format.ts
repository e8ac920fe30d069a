/** What the reading of one agent's session files consists of: a folder here, and a line in the catalogue. */
import type { Row } from './json-values.ts';
import type { SessionStore } from './store.ts';
import type { Session } from './types.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One file of sessions, as its name tells. */
export interface SessionFile {
  readonly path: string;
  /** Folder of the agent that it was found below. */
  readonly root: string;
  readonly bornMs: number;
}

/** Reads the rows of one file in their order and tells the store. Rows may be told again. */
export type RowReader = (row: Row) => void;

interface Placed {
  /** As the table of agents calls it. */
  readonly agent: string;
  /** Folders that may hold its files, for an agent with this environment. */
  roots(environment: Environment, home: string): readonly string[];
  /** Whether a path below such a folder, with `/` between, may be a file of sessions. */
  isSession(path: string): boolean;
  /** Folders within each other that are looked into. */
  readonly maxDepth: number;
  /** The id that the name of a file tells. */
  idOf(path: string): string | undefined;
}

/** A file to which rows of JSON are appended. */
export interface LinesFormat extends Placed {
  readonly kind: 'lines';
  open(file: SessionFile, store: SessionStore): RowReader;
}

/** A file that is written anew each time, as one value of JSON. */
export interface WholeFormat extends Placed {
  readonly kind: 'whole';
  open(file: SessionFile, store: SessionStore): RowReader;
}

/** A database of SQLite: `poll` tells the store what has changed since the last time. @throws where it cannot be read */
export interface DatabaseFormat extends Placed {
  readonly kind: 'database';
  open(file: SessionFile, store: SessionStore): { poll(): void };
}

export type SessionFormat = LinesFormat | WholeFormat | DatabaseFormat;

/** The session that a file is about, with the file noted. */
export function sessionOfFile(session: Session, { path, bornMs }: SessionFile): Session {
  session.paths.add(path);
  session.bornMs = Math.min(session.bornMs, bornMs);
  return session;
}
