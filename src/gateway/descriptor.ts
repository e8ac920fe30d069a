/** The descriptor at which the process of the gateway finds its listening socket; 3 is the channel to the one that records. */
export const LISTENING_DESCRIPTOR = 4;
