import { main } from '../shared/command.js';
import { flip } from './program.js';

await main(flip);
