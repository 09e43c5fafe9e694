// Twenty times as many passwords, read back by third-party programs.
import './file-format.test.ts';
