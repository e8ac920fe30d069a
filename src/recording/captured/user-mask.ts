/** The user's own mask of captured content. It fails closed: what it could not take is left out and counted. */
import { createRequire } from 'node:module';
import { createContext, Script, type Context } from 'node:vm';

/** Longest time that the masks may take for the content of one attribute; protects the program from one that hangs. */
const TIME_LIMIT_MS = 1_000;

/** What a piece of content is. */
export interface ContentPiece {
  /** `gen_ai.input.messages`, `gen_ai.tool.call.arguments`, `process.command_args`. */
  readonly attribute: string;
  /** The name of the member that holds it: `content`, `arguments`, `path`. Empty where it has none. */
  readonly member: string;
}

/** Gets one text and gives what may leave of it. Synchronous. */
export type ContentMask = (text: string, piece: ContentPiece) => string;

export interface UserMaskOptions {
  /** Of the module that the settings name; empty for none. */
  readonly path: string;
  readonly count: (name: string) => void;
  readonly fault: (reason: string) => void;
}

export class UserMask {
  readonly #options: UserMaskOptions;
  readonly #masks: ContentMask[] = [];
  #isLoaded = false;
  /** Nothing that is content leaves any more. */
  #isBroken = false;
  #bounded: { script: Script; context: Context; holder: { run: () => void } } | undefined;

  constructor(options: UserMaskOptions) {
    this.#options = options;
  }

  /** Masks are asked in the order in which they came, that of the settings first. */
  add(mask: ContentMask): void {
    if (typeof mask === 'function') this.#masks.push(mask);
    else this.#break('no function was given');
  }

  /** False: texts leave as they are. */
  get isAsked(): boolean {
    if (!this.#isLoaded) this.#load();
    return this.#isBroken || this.#masks.length > 0;
  }

  /** The texts as they may leave, in their order; `undefined` where a mask failed: then the content is left out. */
  masked(attribute: string, pieces: readonly { readonly text: string; readonly member: string }[]): string[] | undefined {
    let masked: string[] | undefined;
    try {
      if (!this.#isBroken)
        this.#inTime(() => {
          masked = pieces.map(({ text, member }) => this.#masked(text, { attribute, member }));
        });
    } catch (error) {
      masked = undefined;
      // A mask that hangs would hold the program again and again.
      if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
        this.#break(`it took more than ${TIME_LIMIT_MS} ms`);
    }
    if (masked === undefined) this.#options.count('content.mask-failed');
    return masked;
  }

  #masked(text: string, piece: ContentPiece): string {
    let masked = text;
    for (const mask of this.#masks) {
      const given: unknown = mask(masked, piece);
      if (typeof given !== 'string') {
        // A rejection that nobody handles would end the program.
        if (given instanceof Promise) given.catch(() => undefined);
        throw new TypeError('a mask gave no text');
      }
      masked = given;
    }
    return masked;
  }

  /** V8 ends what runs inside of a script with a time limit, also functions from outside of it. */
  #inTime(run: () => void): void {
    if (this.#bounded === undefined) {
      const holder = { run };
      this.#bounded = { script: new Script('holder.run()'), context: createContext({ holder }), holder };
    }
    const { script, context, holder } = this.#bounded;
    holder.run = run;
    try {
      script.runInContext(context, { timeout: TIME_LIMIT_MS });
    } finally {
      holder.run = nothing;
    }
  }

  #load(): void {
    this.#isLoaded = true;
    const { path } = this.#options;
    if (path === '') return;
    try {
      const loaded = createRequire(path)(path) as Readonly<Record<string, unknown>> | ContentMask;
      const found = [loaded, ...(typeof loaded === 'object' ? [loaded['default'], loaded['mask']] : [])];
      const mask = found.find((each) => typeof each === 'function');
      if (mask === undefined) this.#break('the module exports no function');
      else this.#masks.unshift(mask as ContentMask);
    } catch (error) {
      this.#break(`the module could not be loaded: ${(error as NodeJS.ErrnoException).code ?? (error as Error).name}`);
    }
  }

  #break(reason: string): void {
    this.#isBroken = true;
    this.#options.fault(reason);
  }
}

function nothing(): void {
  // Holds no content between two calls.
}
