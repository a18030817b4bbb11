export { readNpy, readSafetensors, seededRandom, writeNpy, writeSafetensors } from '@vogjs/base';
export type { NpyArray, NpyInput, Safetensors, SafetensorsInput, SafetensorsTensor, SeededRandom } from '@vogjs/base';
export { readCifar, type CifarImages, type CifarOptions } from './cifar.js';
export { gaussianNoise, type GaussianNoiseOptions, type NoiseImages } from './gaussian-noise.js';
export { readIdx, type IdxArray, type IdxData } from './idx.js';
