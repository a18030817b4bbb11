export type PluginKind = 'metric' | 'detector' | 'monitor';

/** A plugin's name in the three ways that it is written. */
export interface PluginName {
  /** `near-misses`: what scores, figures and files are called after. */
  readonly kebab: string;
  /** `nearMisses`: what it is imported by. */
  readonly camel: string;
  /** `NearMisses`, of types. */
  readonly pascal: string;
}
