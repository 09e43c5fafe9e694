// Long walks through the moves of a rotation, without any part beside them.
import './rotation-model.test.ts';
