export { addBias, normalise, reluGradient } from './elementwise';
export { maxPoolGradient } from './max-pool-gradient';
export { winogradFilter, winogradInput, winogradOutput, winogradProducts } from './winograd';
export { greyConvolution, padImages, spreadGradient, stretchConvolution } from './small-convolutions';
export { packFilter, tapConvolution } from './tap-convolution';
export { winograd2Filter, winograd2Input, winograd2Output } from './winograd-2x2';
