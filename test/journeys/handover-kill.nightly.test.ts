// kill -9 at every step of every story of a handover.
import './handover-kill.test.ts';
