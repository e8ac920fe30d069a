/** Where a command's result goes, standard output or a private file, and where its warnings go. */
import { writeFileSync } from 'node:fs';
import { SwarmscopeError } from './errors.ts';

/** `-` is standard output. @throws SwarmscopeError `FILE` */
export function output(file: string, text: string): void {
  if (file === '-') {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SwarmscopeError('FILE', `Cannot write ${file} (${why}). Choose another, or - for standard output.`, { cause });
  }
}

export function warn(message: string): void {
  process.stderr.write(`swarmscope: ${message}\n`);
}
