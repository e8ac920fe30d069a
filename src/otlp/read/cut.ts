/** Cuts texts to their longest length, so that no name holds the body that it came in. */
export { cutText as cut } from '../../semconv/cut-text.ts';
