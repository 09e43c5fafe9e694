// Every kind of letter, in both languages, in every look.
import { everyLetter, seeLetters } from './seen-suite.ts';

seeLetters(everyLetter());
