// What a manager says without a password, at both widths, with and without scripts.
import './manager-answers.test.ts';
