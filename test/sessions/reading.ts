// A library over recorded or made session files, and what the tests look at of it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openLibrary, type Library, type SessionCall } from '../../src/sessions/index.ts';
import { freshFolder } from '../harness/index.ts';

/** Sessions that the real agents wrote, without what was said in them. */
export const recorded = join(import.meta.dirname, 'recorded');
export const recordedPlace = {
  home: join(recorded, 'gemini'),
  environment: { CLAUDE_CONFIG_DIR: join(recorded, 'claude'), CODEX_HOME: join(recorded, 'codex'), OPENCODE_DATA_DIR: '/nonexistent' },
};

export function read(place: { home: string; environment?: Record<string, string> }): Library {
  const library = openLibrary();
  library.look([{ home: place.home, environment: place.environment ?? {} }], 0);
  library.read({ bytes: Infinity });
  return library;
}

/** A home folder with these files: rows, or the text itself. */
export function homeWith(files: Readonly<Record<string, readonly object[] | string>>): string {
  const home = freshFolder('home');
  for (const [path, rows] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), typeof rows === 'string' ? rows : rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  return home;
}

export function callsOf(library: Library): SessionCall[] {
  return [...library.store.calls()];
}

/** `input/output` of each call in the order of their times. */
export function tokensOf(library: Library): string[] {
  return callsOf(library)
    .sort((a, b) => a.startMs - b.startMs)
    .map(({ tokens }) => `${tokens.inputTokens}/${tokens.outputTokens}`);
}
