// What all kinds of sinks have in common: comparing and writing, and one error for what the outer world does to them.
import type { Sink } from '../../domain/ports/sink.ts';

/** A sentence about what cannot be done and what to do about it; never with a secret in it. */
export class SinkFault extends Error {}

/** What is special to a kind of sink. Throws SinkFault. */
export type Place = Pick<Sink, 'compare' | 'write'>;
