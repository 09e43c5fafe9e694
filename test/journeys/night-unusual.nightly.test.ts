// The unusual nights with more accounts, and a week of nights that are too short.
import './night-unusual.test.ts';
