export type {
  KeyFigure,
  ReportDataMap,
  ReportImages,
  ReportInput,
  ReportScores,
  ReportSuspect,
  RunFact,
} from './input.js';
export type { ReportOod, ReportOodSide } from './ood/input.js';
export { type OodReportInput, renderOodReport } from './ood/report.js';
export { renderReport } from './report.js';
