export type {
  KeyFigure,
  ReportDataMap,
  ReportImages,
  ReportInput,
  ReportScores,
  ReportSuspect,
  RunFact,
} from './input.js';
export { renderReport } from './report.js';
