/** Finds and replaces the generated parts of a file, which lie between two comments. */

const begin = (name: string): string => `  # Generated from src/semconv/dialects by tools/generate-collector.ts: ${name}.\n`;
const end = (name: string): string => `  # End of what is generated: ${name}.\n`;

/** The file with another text between the marks of `name`, indented by two. Throws when a mark is not there exactly once. */
export function replaceRegion(file: string, name: string, text: string): string {
  const [before, rest, more] = file.split(begin(name));
  const [, after, evenMore] = rest?.split(end(name)) ?? [];
  if (before === undefined || after === undefined || more !== undefined || evenMore !== undefined)
    throw new Error(`otel-collector.yaml needs these two lines, once:\n${begin(name)}${end(name)}`);
  const indented = text.replaceAll(/^(?=.)/gm, '  ');
  return `${before}${begin(name)}${indented}${end(name)}${after}`;
}
