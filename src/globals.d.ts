/** Put in by the build. */
declare const __SWARMSCOPE_VERSION__: string;
