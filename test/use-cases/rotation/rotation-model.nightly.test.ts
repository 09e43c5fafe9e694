// Long walks through the moves of a rotation.
import './rotation-model.test.ts';
