// Chances and waits drawn from a seed, so that a run of the simulator can be repeated.
import type { DelayFault } from './fault-kinds.ts';

/** Draws, the same for the same seed. */
export interface Draw {
  /** From 0 up to, but without, 1. */
  next(): number;
}

/** A splitmix generator of 32 bits: small, and even enough for faults. */
export function seededDraw(seed: number): Draw {
  let state = seed | 0;
  return {
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

/** A seed of its own for the n-th of several, so that what one draws does not move the others. */
export function seedFor(seed: number, number: number): number {
  return Math.floor(seededDraw(seed ^ Math.imul(number + 1, 0x85ebca6b)).next() * 0x1_0000_0000);
}

/** The place of the ninety-ninth percentile on the bell curve. */
const Z_99 = 2.326_347_874_040_841;

/** How long to wait, in ms. */
export function delayOf(fault: DelayFault, draw: Draw): number {
  if (fault.kind === 'delay') return fault.ms;
  if (fault.kind === 'latency-uniform') return fault.min + (fault.max - fault.min) * draw.next();
  const spread = Math.log(fault.p99 / fault.p50) / Z_99;
  return fault.p50 * Math.exp(spread * onBell(draw));
}

/** A place on the bell curve, after Box and Muller. */
function onBell(draw: Draw): number {
  // Zero has no logarithm.
  const away = Math.sqrt(-2 * Math.log(1 - draw.next()));
  return away * Math.cos(2 * Math.PI * draw.next());
}
