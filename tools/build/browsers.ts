// The oldest browsers that the page of the local view is made for. esbuild lowers syntax for them, but adds no function that they lack.

/** `DecompressionStream` and web locks are in all of them. */
export const targets = ['chrome109', 'firefox115', 'safari16.4'];

/** Members of values and of classes that at least one of the targets lacks (https://github.com/mdn/browser-compat-data, 2026-11). */
// Not here: 'moveBefore', which preact calls where there is one.
const MEMBERS = [
  // Chrome 110
  ...['toReversed', 'toSorted', 'toSpliced'],
  // Chrome 111 to 144, Firefox 116 to 147, Safari 16.5 to 26
  ...['isWellFormed', 'toWellFormed', 'groupBy', 'withResolvers', 'fromAsync', 'canParse', 'waitAsync', 'sumPrecise', 'getOrInsert'],
  ...['transferToFixedLength', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom', 'symmetricDifference', 'intersection', 'difference'],
  ...['getOrInsertComputed', 'toBase64', 'fromBase64', 'toHex', 'fromHex', 'f16round', 'rawJSON'],
  ...['startViewTransition', 'showPopover', 'hidePopover', 'togglePopover', 'checkVisibility', 'setHTMLUnsafe', 'requestClose'],
  ...['getHTML', 'caretPositionFromPoint', 'requestIdleCallback', 'measureUserAgentSpecificMemory', 'scrollend'],
];

/** Names that are called of an object of the language, which other objects have too. */
const STATIC = ['RegExp.escape', 'Promise.try', 'AbortSignal.any', 'Iterator.from', 'Error.isError'];

/** Of a style: Firefox 115 lacks `:has` and `@starting-style`, Chrome 109 `color-mix`, the new units of colour and `@scope`. */
const STYLES = [':has(', '@starting-style', '@scope', '@view-transition', 'color-mix(', 'light-dark(', 'oklch(', 'oklab(', 'text-wrap'];
const MORE_STYLES = [
  'field-sizing',
  'anchor-name',
  'position-anchor',
  'interpolate-size',
  'subgrid',
  'animation-timeline',
  'scrollbar-color',
];

/** What a bundle calls, or a style says, that the oldest of these browsers do not know. By name: a member of ours of the same name counts too. */
export function newerThanTargets(script: string, style: string): string[] {
  return [
    ...MEMBERS.filter((name) => new RegExp(String.raw`\.${name}\b|\["${name}"\]`).test(script)),
    ...STATIC.filter((name) => script.includes(`${name}(`)),
    ...[...STYLES, ...MORE_STYLES].filter((name) => style.includes(name)),
  ];
}
