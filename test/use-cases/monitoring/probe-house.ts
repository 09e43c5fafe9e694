// The names by which the tests of commands know what lies in the worlds; it goes with the last of them.
export { loginOf, passwordOf } from '../../rig/world-fleet.ts';
