// The managers' page at every stage in every look.
import './form-browser.test.ts';
