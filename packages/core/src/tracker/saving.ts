// Whoever saves has trained, as a rule: with both in one entry they share the file of what they have in common with the
// first load, where three entries would cut that into seven.
export { Persistence } from '../persistence/persistence.js';
export * from './training.js';
