export { vog, type VogOptions } from './vog/vog.js';
