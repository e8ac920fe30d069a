/** Cuts texts to their longest length. */

/** V8 keeps the whole text alive behind a slice of it, a body of megabytes behind a name: so the cut text is a copy. */
export function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : Buffer.from(text.slice(0, maxLength), 'utf16le').toString('utf16le');
}
