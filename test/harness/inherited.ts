// What children are handed in NODE_OPTIONS to load the preload, and what its program is told.

export interface Told {
  readonly copy: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly runFolder: string;
}

/** The one word of ours, at the end of the options of the user. */
export const INHERITED_OPTION = /(?:^| )--import=data:text\/javascript;swarmscope;base64,([\w+/]+)$/;

/** What the program in `options` is told; undefined where there is none of ours. */
export function toldIn(options: string | undefined): Told | undefined {
  const program = INHERITED_OPTION.exec((options ?? '').trim())?.[1];
  if (program === undefined) return undefined;
  const text = Buffer.from(program, 'base64').toString();
  return JSON.parse(text.slice(text.lastIndexOf('({"copy"') + 1, text.lastIndexOf(')'))) as Told;
}

/** A trace that somebody else has begun: the preload opens no run in it, so what is counted is the program's work alone. */
export const outsideTrace = { TRACEPARENT: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' } as const;
