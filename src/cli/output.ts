/** Where a command's result goes: standard output, or a file that the user named. */
import { SwarmscopeError } from './errors.ts';
import { writeNamedFile } from './named-file.ts';
import { printableJson } from './printable.ts';
import { print } from './streams.ts';

/** `-` is standard output. @throws SwarmscopeError `FILE` */
export async function output(file: string, json: string): Promise<void> {
  if (file === '-') return await print(printableJson(json));
  try {
    writeNamedFile(file, json);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SwarmscopeError('FILE', `Cannot write ${file} (${why}). Choose another, or - for standard output.`, { cause });
  }
}
