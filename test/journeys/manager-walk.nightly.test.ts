// The walk of a secretary at both widths, with and without scripts.
import './manager-walk.test.ts';
