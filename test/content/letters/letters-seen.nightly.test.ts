// Every kind of letter, in both languages, in every look.
import './letters-seen.test.ts';
