/** Text that came from elsewhere, as a terminal may get it: no escape sequence, and nothing that turns its direction. */

/** What the report itself paints with: one of 256 colours, bold, and their end. They can only change how text looks. */
const COLOURS = String.raw`\u001b\[(?:0|1|38;5;\d{1,3})m`;
const UNPRINTABLE = new RegExp(String.raw`(${COLOURS})|[^\P{Cc}\n]|\p{Cf}|[\u2028\u2029]`, 'gu');

/**
 * Everything that is printed passes here: names, paths, settings and texts of errors come from programs, folders and
 * environments of which somebody else decides.
 * @example printable('a\u001b]0;title\u0007b') // 'a ]0;title b'
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (_match, colour: string | undefined) => colour ?? ' ');
}

/** As one line without colours, of at most `maxLength` characters. */
export function clean(text: string, maxLength = 40): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
  return line.length <= maxLength ? line : `${line.slice(0, Math.max(0, maxLength - 1))}~`;
}

/** JSON that means the same: what `JSON.stringify` leaves bare and a terminal would obey stands as `\u009b`. */
export function printableJson(json: string): string {
  return json.replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, (character) =>
    // A character beyond the first plane is two of UTF-16.
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
