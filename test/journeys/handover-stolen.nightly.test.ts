// A master key that is changed while a thousand passwords come in.
import './handover-stolen.test.ts';
