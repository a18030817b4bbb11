// Parts of the engine, for packages and benchmarks that build on it.
export { repairBackend } from '@vogjs/backend/repair';
export { pushComposed } from './moments/running-moments.js';
// The contract that every kind of plugins keeps, for packages that bring a kind of their own.
export { checkDefinition, checkOptionEntries, type PluginContract } from './plugin/definition.js';
export {
  declarePluginOptions,
  type Named,
  type OptionValues,
  type PluginDefinition,
  pluginFactory,
} from './plugin/factory.js';
export { callOf, checkPluginName } from './plugin/name.js';
export { checkRequirements } from './resources/requirements.js';
