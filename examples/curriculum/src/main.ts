import { main } from '@vogjs/example-shared';
import { curriculumExample } from './program.js';

await main(curriculumExample);
