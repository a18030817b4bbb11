// A bundler puts the body of tsyringe's ES modules before a CommonJS module that is imported beside them, unless another
// ES module stands between.
import './metadata.cjs';
