/** Files that are made of others. */

/** How the text of each is made, by its path in the repository. */
export type Files = Readonly<Record<string, () => string>>;

/** `text`, in which `#` begins a comment, below a line that says where it comes from. */
export function generated(source: string, text: string): string {
  return `# Generated from ${source} by tools/generate-deploy.ts. Do not edit.\n${text}`;
}
