export type { KeyFigure, ReportImages, ReportInput, ReportScores, RunFact } from './input.js';
export { renderReport } from './report.js';
