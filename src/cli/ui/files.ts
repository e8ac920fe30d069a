/** The built files of the local view, beside the commands in `dist/`. */
export const pageFile = (): URL => new URL('./view.html', import.meta.url);
export const threadFile = (): URL => new URL('./view-thread.mjs', import.meta.url);
