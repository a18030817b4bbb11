// What the tutorial on tables takes for granted: the penguins, where the program runs.
import { copyFileSync } from 'node:fs';

copyFileSync(new URL('../../fixtures/penguins/penguins.csv', import.meta.url), 'penguins.csv');
