// Twenty times the passwords, read back by other people's programs.
import './file-format.test.ts';
