// The managers' page at every stage in every look.
import './page-browser.test.ts';
