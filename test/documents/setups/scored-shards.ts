// The page's programs and commands, run: two runs of one data, by workers and by shards.
import { followPage } from '../follow-page.js';

followPage('shards.md', 'all');
