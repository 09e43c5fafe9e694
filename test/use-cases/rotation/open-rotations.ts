// The names by which the tests of commands know what lies in the worlds; it goes with the last of them.
export { DAY, HOUR, MINUTE } from '../../fakes/clock.ts';
export { keyLine, LOGIN } from '../../rig/world-store.ts';
