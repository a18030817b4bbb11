export { renderReport } from './difficulty/report.js';
export type { PixelImages as ReportImages } from '@vogjs/formats/images';
export type { ReportIssue, ReportIssues } from './input/issues.js';
export type { ReportPictures } from './input/pictures.js';
export type { ReportOod, ReportOodSide } from './input/ood.js';
export type { KeyFigure, ReportDataMap, ReportInput, ReportSuspect, RunFact } from './input/report.js';
export type { ReportScores } from './input/scores.js';
export { type OodReportInput, renderOodReport } from './ood/report.js';
