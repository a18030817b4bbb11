// What the rest of the tutorial on folders of pictures takes for granted: what the page has done until then.
import { followPage } from '../follow-page.js';

followPage('tutorial-image-folder.md');
