import { main } from '../shared/command.js';
import { toy } from './program.js';

await main(toy);
