/** Finds in the flags of a thread a preload of ours that is no longer where they say, which would end the thread. Pure. */

/** By bare name or by a path into node_modules: what a user writes, and what an `npm ci` or a change of the folder breaks. */
const OURS =
  /^(?:swarmscope\/register|(?:.*[\\/])?node_modules[\\/]swarmscope[\\/]dist[\\/]register\.cjs|\.{1,2}[\\/].*[\\/]register\.cjs)$/;
const FLAG = /^(?:--require|--import|-r)$/;
const JOINED = /^(?:--require|--import|-r)=(.*)$/;
/** The same in NODE_OPTIONS, with the value in quotes or without. */
const OPTION = /(^|\s)(?:--require|--import|-r)[\s=]"?([^\s"]+)"?(?=\s|$)/g;

/** `flags` without the preloads that `isLost`; the same list where there is none. */
export function withoutLostFlags(flags: readonly unknown[], isLost: (preload: string) => boolean): readonly unknown[] {
  const kept: unknown[] = [];
  for (let at = 0; at < flags.length; at += 1) {
    const [flag, next] = [flags[at], flags[at + 1]];
    if (typeof flag === 'string' && typeof next === 'string' && FLAG.test(flag) && isOurs(next) && isLost(next)) at += 1;
    else if (typeof flag !== 'string' || !isOursLost(JOINED.exec(flag)?.[1], isLost)) kept.push(flag);
  }
  return kept.length === flags.length ? flags : kept;
}

/** The same for the value of NODE_OPTIONS. */
export function withoutLostOptions(options: string, isLost: (preload: string) => boolean): string {
  return options.replaceAll(OPTION, (whole, before: string, value: string) => (isOursLost(value, isLost) ? before : whole)).trim();
}

const isOurs = (value: string): boolean => OURS.test(value);
const isOursLost = (value: string | undefined, isLost: (preload: string) => boolean): boolean =>
  value !== undefined && isOurs(value) && isLost(value);
