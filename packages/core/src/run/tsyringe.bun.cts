// tsyringe for Bun, which runs the CommonJS of a program before its first ES module, and in no fixed order: one start in two
// failed where metadata was imported beside tsyringe. `require` has an order.
import './metadata.cjs';
import tsyringe = require('tsyringe');

export = tsyringe;
