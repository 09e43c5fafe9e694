// Import files of any bytes, by the hundred thousand.
import './read-lines.test.ts';
