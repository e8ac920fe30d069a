// Variables by which the runner of the checks speaks to jest's reporter and to the tests.

/** `1`: what fails is run once more, and is not called a failure yet. */
export const FIRST_LOOK = 'CHECK_FIRST_LOOK';

/** Milliseconds that jest may take to end after its last test. */
export const END_LIMIT_MS = 'CHECK_END_LIMIT_MS';

/** `1`: a case whose program is missing is left out and named at the end; otherwise it fails. */
export const LEAVES_OUT = 'CHECK_LEAVES_OUT';
