/** Cuts a text that is kept: a slice of a string would hold the whole string in memory for as long as it lives. */

/** At most `limit` characters of it, as a string of its own where something was cut off. */
export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : ownCopy(text.slice(0, limit));
}

/** The same text, as a string of its own. */
export function ownCopy(text: string): string {
  // In two bytes a character half of a pair stays what it is.
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
