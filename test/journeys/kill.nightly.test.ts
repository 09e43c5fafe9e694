// kill -9 at every point of a letter's path.
import './kill.test.ts';
