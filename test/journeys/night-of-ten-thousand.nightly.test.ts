// The ten thousand, in a night of four and a half hours.
import './night-of-ten-thousand.test.ts';
