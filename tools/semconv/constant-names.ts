/** Derives the names of constants from telemetry names. */

/** `gen_ai.request.top_k` to `GEN_AI_REQUEST_TOP_K`. */
export function upperSnake(name: string): string {
  return name.replaceAll(/[.-]/g, '_').toUpperCase();
}

/** `swarmscope.wait.reason` to `SwarmscopeWaitReason`. */
export function pascal(name: string): string {
  return name
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
