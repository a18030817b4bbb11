export { type ArchitectureOptions, parameterCount } from './architecture.js';
export { augmentedBatches, type Batch, type BatchOptions, type Scaling, type TrainingImages } from './batches.js';
export { densenetBc } from './densenet.js';
export { type Recipe, RECIPES, type RateSchedule, rateAt } from './recipe.js';
export { resnet18, type ResnetOptions } from './resnet.js';
export { loadOptimizer, loadWeights, saveOptimizer, saveWeights } from './saved-training.js';
export { type EpochResult, sgd, trainEpoch } from './training.js';
export { wideResnet, type WideResnetOptions } from './wide-resnet.js';
