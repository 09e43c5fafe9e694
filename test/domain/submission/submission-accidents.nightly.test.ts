// Accidents of pasting, by the hundred thousand.
import './submission-accidents.test.ts';
