// Import files of random bytes, by the hundred thousand.
import './read-lines.test.ts';
