/** Work of ours inside a call of the program: what fails is told, and the call goes on without it. */
export type Safely = <T>(fn: () => T) => T | undefined;

/** `fault` is told of what was thrown. */
export function safelyBy(fault: (error: unknown) => void): Safely {
  return (fn) => {
    try {
      return fn();
    } catch (error) {
      fault(error);
      return undefined;
    }
  };
}
