export { dashboard, type Dashboard, type DashboardOptions } from './dashboard.js';
export type { ExplorerErrorCode } from './error-codes.js';
export { explore, type Explorer, type ExploreOptions } from './explore.js';
export type { KeptCheckpoints, KeptExample, OpenCheckpoints } from './kept-checkpoints.js';
