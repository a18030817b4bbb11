export { addBias, reluGradient } from './elementwise';
export { maxPoolGradient } from './max-pool-gradient';
export { winogradFilter, winogradInput, winogradOutput, winogradProducts } from './winograd';
