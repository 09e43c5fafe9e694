// Forty times as many passwords, read by the real programs.
import './foreign-readers.test.ts';
