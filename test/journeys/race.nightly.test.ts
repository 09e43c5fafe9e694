// The races ten times over.
import './race.test.ts';
