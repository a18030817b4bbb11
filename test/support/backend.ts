export { testBackends, useBackend } from '@vogjs/core/internals';
