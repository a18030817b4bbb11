// Parts of the engine, for packages and benchmarks that build on it.
export { repairBackend } from '@vogjs/backend/repair';
export { pushComposed } from './moments/running-moments.js';
// What every kind of plugins is made with: its definition's check, its options and factory, its hooks' errors.
export { type Attempt, attempt, failure, failureOf } from './plugin/attempt.js';
export { checkDefinition, checkOptionEntries, type PluginContract } from './plugin/definition.js';
export {
  declarePluginOptions,
  type Named,
  type NoEntries,
  type OptionValues,
  type PluginDefinition,
  pluginFactory,
} from './plugin/factory.js';
export { callOf, checkPluginName } from './plugin/name.js';
export { checkRequirements } from './resources/requirements.js';
