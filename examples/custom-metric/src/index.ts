export { runnerUpLead } from './runner-up-lead.js';
export { runnerUp, type RunnerUpOptions } from './runner-up.js';
