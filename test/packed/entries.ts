// The doors of the packages, for the tests of what is packed.

/** Every public entry, with names that must be there: those that tests, tools and users rely on. */
export const entries: Record<string, string[]> = {
  '@vogjs/base': words('VogError'),
  '@vogjs/base/options': words('declareOptions flag integer oneOf listOf'),
  '@vogjs/core': words(
    'createTracker defineMetric defineResource Scores VogError runningMoments logitsOf inputGradientOf',
    'everyEpoch everySteps atFractions logSpaced during either stages epochs',
  ),
  '@vogjs/core/engine': words('cutChunks pushComposed scoreNotes'),
  '@vogjs/core/node': words('selectBackend'),
  '@vogjs/core/plugin': words('checkMetric assertInputGradient defineMetric defineResource'),
  '@vogjs/core/weights': words('loadNamedWeights'),
  '@vogjs/core/testing': words('checkMetric assertInputGradient'),
  '@vogjs/callback': words('trackDifficulty fitCallback'),
  '@vogjs/callback/node': words('autosave resume tensorBoard'),
  '@vogjs/explorer': words('explore'),
  '@vogjs/explorer/live': words('mountLive'),
  '@vogjs/metrics': words(
    'vog errorByPercentile classCorrelation evaluateDetection',
    'quantile pearson spearman tTest tTestFromStatistics clopperPearson overRepresentation',
  ),
  '@vogjs/backend': words('prepareBackend withLeanGradients'),
  '@vogjs/backend/node': words('selectBackend startWebgpu'),
  '@vogjs/backend/repair': words('repairBackend exactConvolutions'),
  '@vogjs/statistics': words('quantile spearman tTest evaluateDetection'),
  '@vogjs/formats': words('readIdx readCifar readNpy writeNpy readSafetensors writeSafetensors'),
  '@vogjs/formats/files': words('nodeFiles sourceOfBytes'),
  '@vogjs/formats/npy': words('readNpy writeNpy'),
  '@vogjs/formats/protobuf': words('message varint'),
  '@vogjs/formats/tensorboard': words('createEventFile'),
  '@vogjs/formats/images': words('readImageFolder readImageParquet decodeImage resizeImage'),
  '@vogjs/formats/tables': words('readCsv readParquet readLabelTable encodeTable tableEncoder'),
  '@vogjs/issues': words('collectIssues findLabelErrors findOutliers findDuplicates judgeImages'),
  '@vogjs/run': words(
    'createRun openRun reviewRun findIssues exportRun readAnswers applyCorrections',
    'folderStorage memoryStorage originPrivateStorage',
  ),
  '@vogjs/run/record': words('recordRun broadcastTracker followBroadcast'),
  '@vogjs/ood': words(
    'evaluateOod oodPresets compareOod oodCurves oodByPercentile streamingOodEvaluation',
    'calibrateThreshold readThreshold decideOod isOod',
    'msp maxLogit energy entropyScore gen odin gradNorm mahalanobis relativeMahalanobis knn vim react klMatching',
    'defineDetector defineStatistic fitDetectors scoreOod saveDetectors loadDetectors vogOod vogOodMetrics oodMonitor',
  ),
  '@vogjs/ood/evaluation': words('evaluateOod calibrateThreshold decideOod'),
  '@vogjs/queue': words('openShardQueue serveShards'),
  '@vogjs/report': words('renderReport renderOodReport'),
  vogjs: words(
    'createTracker trackDifficulty fitCallback curriculum fitWithCurriculum everyEpoch everySteps stages epochs',
    'vog Scores VogError detectLabelErrors defineRun',
    'fitDetectors scoreOod evaluateOod calibrateThreshold isOod oodMonitor vogOod msp energy knn',
  ),
  'vogjs/fashion-mnist': words('fashionMnist'),
};

function words(...lines: string[]): string[] {
  return lines.join(' ').split(' ');
}
