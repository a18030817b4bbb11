import { mirrorPadGradient } from '../gradients/axis-map-gradient.js';
import {
  batchNormGradient,
  BROADCASTS,
  matrixProductGradient,
  powerGradient,
} from '../gradients/broadcast-gradient.js';
import { cropGradient, flipGradient, transposedConvolution3dGradient } from '../gradients/image-gradient.js';
import { EXTREMA, productGradient } from '../gradients/reduction-gradient.js';
import {
  gatherGradient,
  GRADIENTLESS,
  gradientlessRefusal,
  undilatedGradient,
  unroundedGradient,
} from '../registry/refusals.js';
import { type GradientConfig } from '../registry/registry.js';
import { cumulativeProductGradient, cumulativeSumGradient } from '../gradients/scan-gradient.js';
import {
  batchGatherGradient,
  depthToSpaceGradient,
  gatherNdGradient,
  PARTINGS,
  tileGradient,
  topGradient,
} from '../gradients/selection-gradient.js';
import { stridedSliceGradient } from '../gradients/strided-slice.js';
import { castGradient, STEPWISE, zeroGradient } from '../gradients/zero-gradient.js';

/** A gradient function that takes the place of tfjs's, or of none. All backends share it. */
export interface GradientRepair {
  readonly name: string;
  readonly kernelName: string;
  readonly make: (original: GradientConfig | undefined) => GradientConfig | undefined;
}

/** A gradient that takes the place of the stock one, or of none. */
const instead = (config: GradientConfig): GradientRepair => ({
  name: `gradient of ${config.kernelName}`,
  kernelName: config.kernelName,
  make: () => config,
});

/** Gradients that call the stock one. */
const ADJUSTED: Readonly<Record<string, (original: GradientConfig) => GradientConfig>> = {
  BatchMatMul: matrixProductGradient,
  Cast: castGradient,
  GatherV2: (original) => batchGatherGradient(gatherGradient(original)),
  Pow: powerGradient,
  Prod: productGradient,
};

/** What is made right, on tfjs-node too. */
export const GRADIENTS: readonly GradientRepair[] = [
  ...[
    mirrorPadGradient,
    ...BROADCASTS,
    ...EXTREMA,
    ...PARTINGS,
    tileGradient,
    cumulativeSumGradient,
    batchNormGradient,
  ].map(instead),
  ...Object.keys(STEPWISE).map((kernelName) => instead(zeroGradient(kernelName))),
  ...Object.entries(ADJUSTED).map(([kernelName, adjust]) => ({
    name: `gradient of ${kernelName}`,
    kernelName,
    make: (original: GradientConfig | undefined) => original && adjust(original),
  })),
  ...[
    cumulativeProductGradient,
    topGradient,
    gatherNdGradient,
    stridedSliceGradient,
    depthToSpaceGradient,
    flipGradient,
    cropGradient,
    transposedConvolution3dGradient,
  ].map((config) => ({
    name: `gradient of ${config.kernelName} (missing)`,
    kernelName: config.kernelName,
    // A later tfjs may bring the gradient: then it stays.
    make: (original: GradientConfig | undefined) => (original ? undefined : config),
  })),
];

/** What is refused. */
export const GRADIENT_REFUSALS: readonly GradientRepair[] = [
  ...['Conv2D', 'Conv3D', 'DepthwiseConv2dNative'].map((kernelName) => ({
    name: `gradient of ${kernelName} with dilation`,
    kernelName,
    make: (original: GradientConfig | undefined) => original && undilatedGradient(original),
  })),
  ...['AvgPool', 'AvgPool3D', 'MaxPool'].map((kernelName) => ({
    name: `gradient of ${kernelName} with rounded sizes`,
    kernelName,
    make: (original: GradientConfig | undefined) => original && unroundedGradient(original),
  })),
  ...GRADIENTLESS.map((kernelName) => ({
    name: `gradient of ${kernelName}`,
    kernelName,
    // A later tfjs may bring the gradient: then it stays.
    make: (original: GradientConfig | undefined) => (original ? undefined : gradientlessRefusal(kernelName)),
  })),
];
