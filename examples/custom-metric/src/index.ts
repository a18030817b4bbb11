export { closeCallsMonitor, type CloseCallsOptions } from './close-calls-monitor.js';
export { leadDetector, type LeadDetectorOptions } from './lead-detector.js';
export { runnerUpLead } from './runner-up-lead.js';
export { runnerUp, type RunnerUpOptions } from './runner-up.js';
