// Twenty times as many passwords, read back by third-party programs.
import './template.test.ts';
