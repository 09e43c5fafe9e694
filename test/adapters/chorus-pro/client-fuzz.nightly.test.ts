// Forty thousand mutated answers.
import './client-fuzz.test.ts';
