// The year of letters with a hundred accounts, to its end.
import './year.test.ts';
