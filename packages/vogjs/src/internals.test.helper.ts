// What the workspace's own tests reach of this package; no part of it is packed.
export { runCommandLine } from './command-line.js';
export { readSavedRun, savedRunPath, type EpochRecord, type RunIdentity } from './demo/saved-run.js';
export { tarOf, zipOf, type Packed, type Tarred } from './link/archives.test.helper.js';
export { unpackTar } from './link/tar.js';
export { openZip, type ZipEntry } from './link/zip.js';
