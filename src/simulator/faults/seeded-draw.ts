// Random numbers and delays from a seed, so that a run of the simulator can be repeated.
import type { DelayFault } from './fault-kinds.ts';

/** Random numbers, the same for the same seed. */
export type Draw = ReturnType<typeof seededDraw>;

/** A splitmix generator of 32 bits: small, and uniform enough for faults. */
export function seededDraw(seed: number) {
  let state = seed | 0;
  return {
    /** From 0 up to, but without, 1. */
    next: () => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000;
    },
  };
}

/** An own seed for the n-th of several, so that the draws of one do not change those of the others. */
export function seedFor(seed: number, number: number): number {
  return Math.floor(seededDraw(seed ^ Math.imul(number + 1, 0x85ebca6b)).next() * 0x1_0000_0000);
}

/** The 99th percentile of the standard normal distribution. */
const Z_99 = 2.326_347_874_040_841;

/** How long to wait, in ms. */
export function delayOf(fault: DelayFault, draw: Draw): number {
  if (fault.kind === 'delay') return fault.ms;
  if (fault.kind === 'latency-uniform') return fault.min + (fault.max - fault.min) * draw.next();
  const spread = Math.log(fault.p99 / fault.p50) / Z_99;
  return fault.p50 * Math.exp(spread * normal(draw));
}

/** A value of the standard normal distribution, by the Box–Muller transform. */
function normal(draw: Draw): number {
  // Zero has no logarithm.
  const away = Math.sqrt(-2 * Math.log(1 - draw.next()));
  return away * Math.cos(2 * Math.PI * draw.next());
}
