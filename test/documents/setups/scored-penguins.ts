// What the rest of the tutorial on tables takes for granted: what the page has done until then.
import './penguins.js';
import { followPage } from '../follow-page.js';

followPage('tutorial-table.md');
