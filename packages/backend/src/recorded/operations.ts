/**
 * Operations that may be recorded: those whose results have shapes that follow from the shapes of their inputs, their
 * attributes, and the values of the inputs named here by position (-1 is the last one). Those inputs must be constants of
 * the section; they are compared by value. An operation that is not here, draws random numbers or finds its shape in its
 * data is computed at once, and so is all that follows it in the section.
 */
const BY_VALUE: Readonly<Record<string, readonly number[]>> = {
  All: [1],
  Any: [1],
  ArgMax: [1],
  ArgMin: [1],
  AvgPool3DGrad: [0],
  AvgPoolGrad: [0],
  BatchToSpaceND: [1, 2],
  ConcatV2: [-1],
  Conv2DBackpropFilter: [1],
  Conv2DBackpropInput: [0],
  Conv3DBackpropFilterV2: [1],
  Conv3DBackpropInputV2: [0],
  CropAndResize: [3],
  Cumprod: [1],
  Cumsum: [1],
  DepthwiseConv2dNativeBackpropFilter: [1],
  DepthwiseConv2dNativeBackpropInput: [0],
  ExpandDims: [1],
  Fill: [0],
  GatherV2: [2],
  Max: [1],
  Mean: [1],
  Min: [1],
  MirrorPad: [1],
  OneHot: [1],
  PadV2: [1],
  Prod: [1],
  Range: [0, 1, 2],
  Reshape: [1],
  ResizeBilinear: [1],
  ResizeNearestNeighbor: [1],
  ResizeNearestNeighborGrad: [1],
  ReverseV2: [1],
  ScatterNd: [2],
  Slice: [1, 2],
  SpaceToBatchND: [1, 2],
  SplitV: [1, 2],
  StridedSlice: [1, 2, 3],
  Sum: [1],
  Tile: [1],
  TopKV2: [1],
  Transpose: [1],
  UnsortedSegmentSum: [2],
};

/** Operations whose results have shapes that follow from those of their inputs and from attributes alone. */
const BY_SHAPE = new Set(
  (
    'Abs Acos Acosh Add AddN AddV2 Asin Asinh Atan Atan2 Atanh AvgPool AvgPool3D BatchMatMulV2 BiasAdd Cast Ceil Conv2D ' +
    'Conv3D Cos Cosh DepthToSpace DepthwiseConv2dNative Dilation2D Dilation2DBackpropFilter Dilation2DBackpropInput Div ' +
    'DivNoNan Einsum Elu EluGrad Equal Erf Exp Expm1 Floor FloorDiv FloorMod FusedBatchNorm FusedBatchNormV3 GatherNd ' +
    'Greater GreaterEqual IsFinite IsInf IsNan LRN LRNGrad LeakyRelu Less LessEqual Log Log1p LogSoftmax LogicalAnd ' +
    'LogicalNot LogicalOr MatMul MaxPool MaxPool3D MaxPool3DGrad MaxPoolGrad Maximum Minimum Mod Mul Neg NotEqual OnesLike ' +
    'Pack Pow RealDiv Reciprocal Relu Relu6 ReluGrad ResizeBilinearGrad Round Rsqrt Select SelectV2 Selu Sigmoid Sign Sin ' +
    'Sinh Softmax Softplus Sqrt Square SquaredDifference Sub Tan Tanh TensorScatterUpdate Unpack ZerosLike'
  ).split(' '),
);

const NONE: readonly number[] = [];

/** Positions of the inputs that are taken by value; null for what cannot be recorded. */
export function byValue(operation: string, inputs: number): readonly number[] | null {
  if (BY_SHAPE.has(operation)) return NONE;
  const positions = Object.hasOwn(BY_VALUE, operation) ? BY_VALUE[operation] : undefined;
  return positions?.map((position) => (position < 0 ? inputs + position : position)) ?? null;
}
