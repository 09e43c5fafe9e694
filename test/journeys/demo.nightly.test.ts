// The demo's pages in every look.
import './demo.test.ts';
